"""The one letter that asks whether a wish goes on, and what providers report on it."""

from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from outreach.calendars.wording import date_in_words
from outreach.campaigns.render import phone_link
from outreach.centre.language import speaking_to
from outreach.centre.wording import BY_CHANNEL, local_date
from outreach.conf import conf
from outreach.history.actor import CUSTOMER, SYSTEM
from outreach.ledger.models import Attempt
from outreach.links.addresses import MessageLinks, for_message
from outreach.preferences.consent import withdraw
from outreach.preferences.models import ConsentRecord, RenewalRequest, Source, Suppression
from outreach.preferences.renewal import Letter, note_report
from outreach.preferences.suppress import suppress
from outreach.recipients.models import Channel, Recipient
from outreach.senders.mailbox import mailbox
from outreach.senders.models import Sender
from outreach.tracking.classify import Effect
from outreach.tracking.subjects import Report

METADATA_NAME = "outreach_renewal"


def signer_for(recipient: Recipient) -> Sender | None:
    """Who signed our last message to a person, else the first of those who may sign (B6).

    None where nobody may: a letter without a name is not sent.
    """
    may_sign = Sender.objects.filter(tenant=recipient.tenant, is_active=True)
    written = Attempt.objects.filter(
        delivery__recipient=recipient,
        handed_over_at__isnull=False,
        delivery__run__campaign__sender__in=may_sign,
    ).order_by("-handed_over_at", "-pk")
    key = written.values_list("delivery__run__campaign__sender", flat=True).first()
    known = may_sign.filter(pk=key) if key else may_sign
    return known.order_by("name", "pk").first()


def build(request: RenewalRequest, connection: BaseEmailBackend) -> EmailMultiAlternatives:
    """The letter in the person's language: which wish, since when, in which words, until when.

    `request` is claimed: to whom it goes and who signs stand in it.
    """
    record, sender, address = request.record, request.sender, request.address
    if sender is None or address is None:
        raise ValueError("Nobody has taken it upon themselves to send this letter.")
    links = for_message(request.key)
    with speaking_to(record.recipient):
        context = {**_frame(sender), **_about(record), "url": f"{links.preferences_url}#renewal"}
        topic = " ".join(record.topic.name.split())
        message = EmailMultiAlternatives(
            subject=_("Shall we go on writing to you about “%(topic)s”?") % {"topic": topic},
            body=render_to_string("outreach/mail/renewal.txt", context).strip() + "\n",
            from_email=mailbox(sender.name, conf().from_email),
            to=[address.value],
            reply_to=[mailbox(sender.name, sender.email)],
            headers=_headers(links),
            connection=connection,
        )
        html = render_to_string("outreach/mail/renewal.html", context)
    message.attach_alternative(html, "text/html")
    message.metadata = {METADATA_NAME: request.key.hex}  # type: ignore[attr-defined]
    message.tags = ["renewal"]  # type: ignore[attr-defined]
    message.track_opens = message.track_clicks = False  # type: ignore[attr-defined]
    return message


def take(report: Report) -> bool:
    """Apply what a provider reports, once; False if the report is on none of these letters (B2)."""
    request = (
        RenewalRequest.objects.select_related("record__recipient", "record__topic", "address")
        .filter(key=report.key)
        .first()
        if report.key
        else None
    )
    if request is None:
        return False
    if report.effect in {Effect.HARD, Effect.COMPLAINT, Effect.UNSUBSCRIBED}:
        with transaction.atomic():
            came_back = report.effect is Effect.HARD
            letter = Letter.CAME_BACK if came_back else Letter.OBJECTED
            if note_report(request, letter, detail=report.detail):
                _apply(request, report)
    return True


def _apply(request: RenewalRequest, report: Report) -> None:
    record = request.record
    if report.effect is Effect.UNSUBSCRIBED:
        withdraw(
            record.recipient,
            [record.topic],
            channel=record.channel,
            source=Source.PROVIDER,
            by=CUSTOMER,
            address=request.address,
        )
        return
    is_personal = report.effect is Effect.COMPLAINT
    suppress(
        reason=Suppression.Reason.COMPLAINT if is_personal else Suppression.Reason.HARD_BOUNCE,
        by=CUSTOMER if is_personal else SYSTEM,
        recipient=record.recipient if is_personal else None,
        address=request.address,
        note=report.detail,
    )


def _headers(links: MessageLinks) -> dict[str, str]:
    """RFC 3834: nobody is to answer this by machine. RFC 8058: it has its way out."""
    return {
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": f"<{links.unsubscribe_url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _about(record: ConsentRecord) -> dict[str, object]:
    began = record.given_on or timezone.localtime(record.at).date()
    return {
        "given_name": record.recipient.given_name,
        "topic": record.topic.name,
        "channel": BY_CHANNEL[Channel(record.channel)],
        "since": date_in_words(began),
        "words": record.in_which_words,
        "until": local_date(record.valid_until) if record.valid_until else "",
    }


def _frame(sender: Sender) -> dict[str, object]:
    address, company = conf().postal_address, conf().company_name
    return {
        "language": pgettext("the code of the language of this translation", "en"),
        "sender": sender,
        "phone_link": phone_link(sender),
        "company": company,
        "company_name": "" if address.startswith(company) else company,
        "postal_address": address,
    }
