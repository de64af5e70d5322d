"""The mail with the link to one's own data, and what providers report on it."""

from datetime import datetime

from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from outreach.campaigns.render import phone_link
from outreach.centre.language import speaking_to
from outreach.centre.models import DataRequest
from outreach.conf import conf
from outreach.history.actor import SYSTEM
from outreach.links.addresses import short_lived_url
from outreach.links.reply import reply_address
from outreach.links.tokens import Scope
from outreach.preferences.models import Suppression
from outreach.preferences.suppress import suppress
from outreach.senders.mailbox import mailbox
from outreach.tracking.classify import Effect
from outreach.tracking.subjects import Report

METADATA_NAME = "outreach_data_link"


def build(
    request: DataRequest, connection: BaseEmailBackend | None = None, *, at: datetime
) -> EmailMultiAlternatives:
    """The mail with a link that works for an hour from `at`; in the person's language."""
    sender, message_key = request.sender, request.asked_from and request.asked_from.key
    answers = reply_address("d", message_key) if message_key else sender.email
    with speaking_to(request.recipient):
        context = {
            "language": pgettext("the code of the language of this translation", "en"),
            "url": short_lived_url(Scope.MY_DATA, request.key, at=at),
            "given_name": request.recipient.given_name,
            "company": conf().company_name,
            "postal_address": conf().postal_address,
            "sender": sender,
            "phone_link": phone_link(sender),
        }
        message = EmailMultiAlternatives(
            subject=_("Your data with %(company)s") % {"company": conf().company_name},
            body=render_to_string("outreach/mail/my_data.txt", context).strip() + "\n",
            from_email=mailbox(sender.name, conf().from_email),
            to=[request.address.value],
            reply_to=[mailbox(sender.name, answers)],
            headers={"Auto-Submitted": "auto-replied"},  # RFC 3834, 5: no machine answers it
            connection=connection,
        )
        message.attach_alternative(
            render_to_string("outreach/mail/my_data.html", context), "text/html"
        )
    message.metadata = {METADATA_NAME: request.key.hex}  # type: ignore[attr-defined]
    message.tags = ["my-data"]  # type: ignore[attr-defined]
    message.track_opens = message.track_clicks = False  # type: ignore[attr-defined]
    return message


def take(report: Report) -> bool:
    """Stop an address that does not exist; False if the report is on none of these mails (B2)."""
    request = (
        DataRequest.objects.select_related("address").filter(key=report.key).first()
        if report.key
        else None
    )
    if request is None:
        return False
    if report.effect is Effect.HARD:
        suppress(
            reason=Suppression.Reason.HARD_BOUNCE,
            by=SYSTEM,
            address=request.address,
            note=report.detail,
        )
    return True
