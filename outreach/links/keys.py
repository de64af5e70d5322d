"""The key ring: the last key signs, every key verifies, and none is ever taken out."""

import re

from django.core.exceptions import ImproperlyConfigured

from outreach.conf import conf

_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")


def signing_key() -> tuple[str, str]:
    """Id and secret of the key that signs now. Raises ImproperlyConfigured without a usable one."""
    key_id, secret = next(reversed(conf().keys.items()), ("", ""))
    if not is_usable(key_id, secret):
        raise ImproperlyConfigured(
            "The last entry of OUTREACH['KEYS'] needs a secret under an id of 1 to 32 letters, "
            "digits, hyphens and underscores."
        )
    return key_id, secret


def is_usable(key_id: object, secret: object) -> bool:
    """Whether an entry of the ring can sign."""
    is_text = isinstance(key_id, str) and isinstance(secret, str)
    return is_text and bool(_KEY_ID.fullmatch(str(key_id))) and bool(secret)
