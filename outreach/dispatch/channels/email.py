"""One personal e-mail, as a person and as RFC 8058 and RFC 2919 want it."""

from anymail.exceptions import AnymailUnsupportedFeature
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

from outreach.campaigns.merge import fields_of
from outreach.campaigns.models import Variant
from outreach.campaigns.render import render_email
from outreach.conf import conf
from outreach.dispatch.outcome import Fate, HandedOver, outcome_of
from outreach.ledger.models import Attempt
from outreach.links.addresses import for_message
from outreach.links.reply import reply_address
from outreach.recipients.language import language_for


def hand_over(attempt: Attempt, variant: Variant, connection: BaseEmailBackend) -> HandedOver:
    """Give one message to the provider; every failure becomes an outcome."""
    try:
        message = build(attempt, variant, connection)
    except Exception as error:  # nothing was sent, and the next message would fail as well
        detail = f"the message could not be made: {type(error).__name__}"
        return HandedOver(Fate.NOT_SENT, detail=detail, is_our_fault=True)
    try:
        taken = _send(message)
    except Exception as error:  # whatever a backend raises is an outcome
        return outcome_of(error)
    if not taken:
        return HandedOver(Fate.REFUSED, detail="not taken by the mail backend")
    status = getattr(message, "anymail_status", None)
    if status is not None and status.status and status.status <= {"rejected", "invalid", "failed"}:
        return HandedOver(Fate.REFUSED, detail=", ".join(sorted(status.status)))
    return HandedOver(
        Fate.ACCEPTED, provider_message_id=str(getattr(status, "message_id", "") or "")
    )


def build(
    attempt: Attempt, variant: Variant, connection: BaseEmailBackend | None = None
) -> EmailMultiAlternatives:
    """The message of one attempt, with its reason and its ways out."""
    delivery, campaign = attempt.delivery, variant.campaign
    urls = for_message(attempt.key)
    rendered = render_email(
        variant,
        fields=fields_of(delivery.recipient),
        links=urls,
        language=language_for(delivery.recipient),
        asks_to_go_on=delivery.asks_to_go_on,
    )
    message = EmailMultiAlternatives(
        subject=rendered.subject,
        body=rendered.text,
        from_email=_mailbox(campaign.sender.name, conf().from_email),
        to=[delivery.address.value if delivery.address else ""],
        reply_to=[_mailbox(campaign.sender.name, reply_address("d", attempt.key))],
        headers={
            "List-Unsubscribe": f"<{urls.unsubscribe_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "List-Id": f"<{campaign.topic.slug}.{conf().list_domain}>",
        },
        connection=connection,
    )
    message.attach_alternative(rendered.html, "text/html")
    message.metadata = {"outreach_attempt": attempt.key.hex}  # type: ignore[attr-defined]
    message.tags = [campaign.topic.slug]  # type: ignore[attr-defined]
    message.track_opens = message.track_clicks = False  # type: ignore[attr-defined]
    return message


def _send(message: EmailMultiAlternatives) -> int:
    """Send, if need be without what only some providers can do; returns 0 where it was dropped.

    Metadata goes last: without it a report is matched by the provider's own id of the message.
    """
    for names in (("track_opens", "track_clicks", "tags"), ("metadata",)):
        try:
            return message.send()
        except AnymailUnsupportedFeature:  # raised before anything goes out
            for name in names:
                delattr(message, name)
    return message.send()


def _mailbox(name: str, address: str) -> str:
    quoted = name.replace("\\", "").replace('"', "")
    return f'"{quoted}" <{address}>'
