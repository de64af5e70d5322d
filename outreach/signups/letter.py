"""The one message to somebody who signed up: to confirm, or a welcome with the way out.

Nothing that was typed stands in it but the address it goes to: else whoever fills in the form
could have us send words of theirs to anybody.
"""

from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from outreach.calendars.wording import date_in_words
from outreach.campaigns.render import phone_link
from outreach.conf import conf
from outreach.links.paths import path_to
from outreach.links.tokens import Scope, make
from outreach.recipients.language import language_of
from outreach.senders.mailbox import mailbox
from outreach.signups.models import SignUp

METADATA_NAME = "outreach_sign_up"


def confirm_url(sign_up: SignUp) -> str:
    """Where the reader of the mailbox says yes; afterwards, where they take it back."""
    token = make(Scope.CONFIRM, sign_up.key.hex)
    return conf().base_url.rstrip("/") + path_to("confirm", token)


def build(
    sign_up: SignUp, to: str, *, is_welcome: bool, connection: BaseEmailBackend
) -> EmailMultiAlternatives:
    """The message in the language of the form: a service mail, signed by a person (B6)."""
    url = confirm_url(sign_up)
    with translation.override(language_of(sign_up.language)):
        context = {**_frame(sign_up), "url": url, "is_captured": bool(sign_up.captured_by)}
        name = "welcome" if is_welcome else "confirm"
        message = EmailMultiAlternatives(
            subject=_subject(is_welcome=is_welcome),
            body=render_to_string(f"outreach/mail/{name}.txt", context).strip() + "\n",
            from_email=mailbox(sign_up.sender.name, conf().from_email),
            to=[to],
            reply_to=[mailbox(sign_up.sender.name, sign_up.sender.email)],
            headers=_headers(url, is_welcome=is_welcome),
            connection=connection,
        )
        html = render_to_string(f"outreach/mail/{name}.html", context)
    message.attach_alternative(html, "text/html")
    message.metadata = {METADATA_NAME: sign_up.key.hex}  # type: ignore[attr-defined]
    message.tags = ["sign-up"]  # type: ignore[attr-defined]
    message.track_opens = message.track_clicks = False  # type: ignore[attr-defined]
    return message


def _subject(*, is_welcome: bool) -> str:
    company = " ".join(conf().company_name.split())
    text = _("You hear from %(company)s now") if is_welcome else _("May %(company)s write to you?")
    return text % {"company": company}


def _headers(url: str, *, is_welcome: bool) -> dict[str, str]:
    """RFC 3834: nobody is to answer this by machine. RFC 8058: the welcome has its way out."""
    headers = {"Auto-Submitted": "auto-generated"}
    if is_welcome:
        headers["List-Unsubscribe"] = f"<{url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _frame(sign_up: SignUp) -> dict[str, object]:
    address, company = conf().postal_address, conf().company_name
    until = timezone.localtime(sign_up.expires_at).date()
    return {
        "language": pgettext("the code of the language of this translation", "en"),
        "topics": list(sign_up.topics.all()),
        "sender": sign_up.sender,
        "phone_link": phone_link(sign_up.sender),
        "company": company,
        "company_name": "" if address.startswith(company) else company,
        "postal_address": address,
        "until": date_in_words(until),
    }
