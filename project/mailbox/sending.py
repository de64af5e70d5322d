"""Makes the request of one SentBack over HTTP and records how it was answered."""

import base64
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import unquote, urlsplit, urlunsplit

import requests
import urllib3.exceptions
from django.db.models import F

from . import settings
from .models import Kind, SentBack
from .one_click import one_click_url

TIMEOUT_SECONDS = 10
ANSWER_BYTES = 2000
_INBOUND = {Kind.REPLY, Kind.OUT_OF_OFFICE}
_UNSET = {
    True: "No address for inbound mail is set (MAILBOX_INBOUND_URL).",
    False: "No address for delivery events is set (MAILBOX_TRACKING_URL).",
}


def open_session() -> requests.Session:
    """A session that keeps no cookies and takes no proxy or password from its surroundings."""
    session = requests.Session()
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return session


def send(sent: SentBack, session: requests.Session) -> SentBack:
    """Tries once and saves the result on the row; never raises for what the other side does."""
    full_url = _target(sent)
    url, headers = _without_password(full_url)
    sent.url, sent.status_code, sent.answer, sent.error = url, None, "", ""
    if full_url:
        _exchange(sent, headers, session)
    else:
        sent.error = _UNSET[sent.kind in _INBOUND]
    sent.is_ok = not sent.error and sent.status_code is not None and sent.status_code // 100 == 2
    SentBack.objects.filter(pk=sent.pk).update(
        url=sent.url,
        status_code=sent.status_code,
        answer=sent.answer,
        error=sent.error,
        is_ok=sent.is_ok,
        tries=F("tries") + 1,
    )
    return sent


def _target(sent: SentBack) -> str:
    if sent.kind == Kind.UNSUBSCRIBE:
        return one_click_url(sent.message_copy.message)
    is_inbound = sent.kind in _INBOUND
    return str(settings.MAILBOX_INBOUND_URL if is_inbound else settings.MAILBOX_TRACKING_URL)


def _without_password(url: str) -> tuple[str, dict[str, str]]:
    """The address that may be shown, and the Basic header made from the user info in it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url, {}
    user_info, at, host = parts.netloc.rpartition("@")
    if not at:
        return url, {}
    token = base64.b64encode(unquote(user_info).encode()).decode()
    return urlunsplit(parts._replace(netloc=host)), {"Authorization": f"Basic {token}"}


def _exchange(sent: SentBack, headers: dict[str, str], session: requests.Session) -> None:
    is_form = sent.kind == Kind.UNSUBSCRIBE
    headers["Content-Type"] = "application/x-www-form-urlencoded" if is_form else "application/json"
    headers["User-Agent"] = "Mailbox" if is_form else "Postmark"
    try:
        with session.post(
            sent.url,
            data=sent.body.encode(),
            headers=headers,
            timeout=TIMEOUT_SECONDS,
            allow_redirects=False,
            stream=True,
        ) as response:
            sent.status_code = response.status_code
            sent.answer = _beginning(response)
    except (requests.Timeout, urllib3.exceptions.TimeoutError):
        sent.error = f"No answer within {TIMEOUT_SECONDS} seconds."
    except requests.ConnectionError:
        sent.error = "Nobody answered there. Is the site running?"
    except (requests.RequestException, urllib3.exceptions.HTTPError, ValueError) as error:
        sent.error = str(error)[:ANSWER_BYTES]


def _beginning(response: requests.Response) -> str:
    """At most ANSWER_BYTES of the answer: an endless one must not hold us."""
    content: bytes = response.raw.read(ANSWER_BYTES, decode_content=True)
    return content.decode(errors="replace").replace("\0", "")
