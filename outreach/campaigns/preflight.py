"""What stands in a campaign's way, each in a sentence that names the mend."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from outreach.campaigns.merge import fields_used
from outreach.campaigns.models import Campaign, Variant
from outreach.conf import conf
from outreach.groups.broken_rule import BrokenRule
from outreach.groups.members import members_of
from outreach.preferences.models import Purpose
from outreach.recipients.models import Channel

SUBJECT_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Finding:
    """`code` for programs, `text` for people; a blocking one forbids submitting."""

    code: str
    text: str
    is_blocking: bool = True


def findings(campaign: Campaign) -> list[Finding]:
    """All that a check of the campaign finds; blocking ones first. Does not ask who gets it."""
    variants = list(campaign.variants.all())
    found = [
        *_who(campaign),
        *_message(campaign, variants),
        *_welcome(campaign),
        *_signature(campaign),
        *_settings(),
    ]
    return sorted(found, key=lambda finding: not finding.is_blocking)


def blocking(campaign: Campaign) -> list[Finding]:
    return [finding for finding in findings(campaign) if finding.is_blocking]


def has_personal_element(variant: Variant) -> bool:
    """Whether the message addresses the person with something of their own (A5)."""
    return bool(fields_used(variant.subject) | fields_used(variant.body))


def _who(campaign: Campaign) -> Iterator[Finding]:
    if not any(not aim.is_left_out for aim in campaign.aims.all()):
        yield Finding("no_groups", _("Choose at least one group that it is for."))
    for aim in campaign.aims.select_related("group"):
        try:
            members_of(aim.group)
        except BrokenRule as broken:  # neither everybody nor nobody (B3)
            yield Finding("group_broken", str(broken))
    topic = campaign.topic
    if not topic.is_active:
        yield Finding(
            "topic_not_offered",
            _("The topic “%(topic)s” is no longer offered. Choose another one.") % {"topic": topic},
        )
    if campaign.purpose == topic.purpose:
        return
    if campaign.purpose == Purpose.COMMERCIAL:  # A6, C4
        text = _(
            "“%(topic)s” is for routine messages, and this one is news or an offer. Choose a topic "
            "that people ask for, or change the purpose."
        )
    else:
        text = _(
            "“%(topic)s” is for news and offers, and this message is routine. Choose a routine "
            "topic, or change the purpose."
        )
    yield Finding("purpose_and_topic_differ", text % {"topic": topic})


def _message(campaign: Campaign, variants: list[Variant]) -> Iterator[Finding]:
    mail = next((variant for variant in variants if variant.channel == Channel.EMAIL), None)
    if mail is None or not mail.subject.strip() or not mail.body.strip():
        yield Finding("no_message", _("Write the message: a subject and a text."))
        return
    try:
        mail.clean()
    except ValidationError as error:
        yield Finding("text_broken", " ".join(error.messages))
    if not has_personal_element(mail) and not campaign.impersonal_reason.strip():  # A5
        yield Finding(
            "impersonal",
            _(
                "The message addresses nobody: add a field such as {{ given_name | friend }}, or "
                "write why it does without."
            ),
        )
    if len(mail.subject) > SUBJECT_SHOWN:
        yield Finding(
            "subject_long",
            _("The subject is long; phones show about its first %(count)d letters.")
            % {"count": SUBJECT_SHOWN},
            is_blocking=False,
        )


def _welcome(campaign: Campaign) -> Iterator[Finding]:
    if not campaign.justification.strip():  # B5
        yield Finding(
            "no_justification",
            _("Say why it is useful to the people who get it. They can read it."),
        )
    for question, answer in campaign.answers():  # A2
        if not answer.strip():
            yield Finding("unanswered", _("Answer: %(question)s") % {"question": question})


def _signature(campaign: Campaign) -> Iterator[Finding]:
    sender = campaign.sender
    if not sender.is_active:  # B6
        yield Finding(
            "sender_inactive",
            _("%(name)s no longer signs messages. Choose another person.") % {"name": sender},
        )
    if not any(character.isdigit() for character in sender.phone):
        yield Finding(
            "sender_without_phone",
            _("%(name)s has no phone number that people could call. Enter it at the sender.")
            % {"name": sender},
        )


def _settings() -> Iterator[Finding]:
    needed = {
        "company_name": _("the name of the company"),
        "postal_address": _("the postal address of the company"),
        "base_url": _("the address of the website"),
        "from_email": _("the address that messages come from"),
        "keys": _("the keys that sign links"),
    }
    for name, words in needed.items():
        if not getattr(conf(), name):
            yield Finding(
                f"setting_{name}",
                _("The settings lack %(what)s. Whoever runs the site sets OUTREACH[“%(name)s”].")
                % {"what": words, "name": name.upper()},
            )
