"""Sites by their origin (RFC 6454, 4): scheme, host and port, and nothing else."""

from urllib.parse import urlsplit

from outreach.conf import conf
from outreach.signups.models import SignUpForm

DEFAULT_PORTS = {"http": 80, "https": 443}


def origin_of(address: str) -> str:
    """The origin of a web address. Raises ValueError for what has none."""
    parts = urlsplit(address.strip())
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname or parts.username is not None:
        raise ValueError("Not the address of a site.")
    host = parts.hostname.encode("idna").decode("ascii").lower()
    if any(character in host for character in " ;,*'\"\\"):
        raise ValueError("Not the address of a site.")
    host = f"[{host}]" if ":" in host else host
    port = parts.port
    if port is None or port == DEFAULT_PORTS[parts.scheme]:
        return f"{parts.scheme}://{host}"
    return f"{parts.scheme}://{host}:{port}"


def is_site(address: str) -> bool:
    """Whether an address is that of a site and names no page of it."""
    try:
        return address.strip().rstrip("/").lower() == origin_of(address)
    except ValueError:
        return False


def allowed_origins(form: SignUpForm) -> list[str]:
    """The sites a form may stand on, besides our own."""
    return [line for line in form.allowed_origins.split() if is_site(line)]


def is_allowed(form: SignUpForm, address: str) -> bool:
    """Whether an address is on our own site, or on one the form may stand on."""
    try:
        origin = origin_of(address)
    except ValueError:
        return False
    return origin in {*allowed_origins(form), own_origin()}


def own_origin() -> str:
    try:
        return origin_of(conf().base_url)
    except ValueError:
        return ""
