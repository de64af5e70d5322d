import hmac

from outreach.conf import conf


def address_hash(channel: str, value: str) -> str:
    """Keyed hash (HMAC-SHA-256, hex) of a normalised address: what stays after erasure."""
    return keyed_hash(f"{channel}:{value}")


def keyed_hash(text: str) -> str:
    """HMAC-SHA-256 (hex) under the pepper: tells equal from different, and nothing else."""
    return hmac.digest(conf().pepper.encode(), text.encode(), "sha256").hex()
