"""A photo of who signs: small enough for a page that loads at once, and a picture indeed."""

from typing import TYPE_CHECKING
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.files import File
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from outreach.senders.models import Sender

LARGEST = 20_000
"""Bytes; a face of 160 by 160 pixels takes about half of it."""

KINDS = (
    (b"\xff\xd8\xff", b"", "jpg"),
    (b"\x89PNG\r\n\x1a\n", b"", "png"),
    (b"RIFF", b"WEBP", "webp"),
)
"""How a file of each kind begins, what stands at its ninth byte, and how its name ends."""


def check_photo(photo: "File[bytes]") -> None:
    """Raises ValidationError for what is too large, or no JPEG, PNG or WebP whatever its name."""
    if photo.size > LARGEST:
        raise ValidationError(
            _("This photo is too large: 20 kB are enough. Make it 160 by 160 pixels, say.")
        )
    if not kind_of(photo):
        raise ValidationError(_("This is no picture that browsers show: take a JPEG, PNG or WebP."))


def kind_of(photo: "File[bytes]") -> str:
    """What a file is by its first bytes: "jpg", "png", "webp", or empty."""
    photo.seek(0)
    head = photo.read(12)
    photo.seek(0)
    kinds = (kind for first, ninth, kind in KINDS if head.startswith(first) and ninth in head[8:])
    return next(kinds, "")


def photo_path(sender: "Sender", given_name: str) -> str:
    """Where it is kept: under a name of ours, so that no web server takes it for something else."""
    return f"outreach/senders/{uuid4().hex}.{kind_of(sender.photo) or 'bin'}"
