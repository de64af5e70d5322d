"""Why somebody was left out, in words: the rooms that decide it say what their codes mean."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NO_LONGER_KNOWN = _("was left out for a reason that is no longer known")

_sentences: dict[str, str | Promise] = {}


def register(sentences: Mapping[str, str | Promise]) -> None:
    """Say what codes mean; each completes "This person …"."""
    _sentences.update(sentences)


def known() -> dict[str, str | Promise]:
    return dict(_sentences)


def in_words(code: str) -> str | Promise:
    """The reason of a delivery, as "has not asked to hear about this"; "" where it has none."""
    return _sentences.get(code, NO_LONGER_KNOWN) if code else ""
