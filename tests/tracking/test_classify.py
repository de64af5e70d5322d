"""B2: bounces are told apart by our own rules over what each provider says."""

from typing import Any

import pytest
from anymail.signals import EventType, RejectReason
from hypothesis import given
from hypothesis import strategies as st

from outreach.tracking.classify import Effect, classify, status_in
from outreach.tracking.particulars import bounce_type_of, smtp_reply_of

WHO = "maria@example.com"


def ses(kind: str, sub: str, status: str, diagnostic: str = "") -> dict[str, Any]:
    row = {"emailAddress": WHO, "status": status, "diagnosticCode": diagnostic}
    other = {"emailAddress": "else@example.com", "status": "5.1.1"}
    return {
        "eventType": "Bounce",
        "bounce": {"bounceType": kind, "bounceSubType": sub, "bouncedRecipients": [other, row]},
    }


def mailgun(severity: str, reason: str, code: int, message: str = "") -> dict[str, Any]:
    status = {"code": code, "message": message}
    return {"event-data": {"severity": severity, "reason": reason, "delivery-status": status}}


BOUNCES = [
    # Postmark
    ({"Type": "HardBounce"}, "smtp;550 5.1.1 unknown user", Effect.HARD),
    ({"Type": "HardBounce"}, "smtp;554 delivery error: no such account", Effect.HARD),
    ({"Type": "HardBounce"}, "smtp;552 5.2.2 mailbox full", Effect.SOFT),
    ({"Type": "HardBounce"}, "smtp;550 5.7.1 blocked by policy", Effect.SOFT),
    ({"Type": "HardBounce"}, "smtp;450 4.1.1 greylisted", Effect.SOFT),
    ({"Type": "HardBounce"}, None, Effect.HARD),
    ({"Type": "SoftBounce"}, "smtp;550 5.1.1 unknown user", Effect.SOFT),
    ({"Type": "SoftBounce"}, "smtp;452 4.2.2 mailbox full", Effect.SOFT),
    ({"Type": "VirusNotification"}, None, Effect.SOFT),
    ({"SuppressionReason": "HardBounce"}, None, Effect.HARD),
    # SendGrid
    ({"event": "bounce", "type": "bounce", "status": "5.1.1"}, "550 5.1.1 no user", Effect.HARD),
    ({"event": "bounce", "type": "bounce", "status": "5.0.0"}, "550 rejected", Effect.SOFT),
    ({"event": "bounce", "type": "blocked", "status": "5.1.1"}, "550 5.1.1", Effect.SOFT),
    ({"event": "bounce", "bounce_classification": "Invalid Address"}, "550 x", Effect.HARD),
    ({"event": "bounce", "bounce_classification": "Reputation"}, "550 5.1.1", Effect.SOFT),
    # Mailgun
    (mailgun("permanent", "bounce", 550), "5.1.1 no such user", Effect.HARD),
    (mailgun("permanent", "suppress-bounce", 605), "", Effect.HARD),
    (mailgun("permanent", "old", 602), "Too old", Effect.SOFT),
    (mailgun("permanent", "bounce", 552), "5.2.2 quota", Effect.SOFT),
    (mailgun("temporary", "generic", 452), "4.2.2 full", Effect.SOFT),
    # Amazon SES: the status of this recipient counts, not that of another
    (ses("Permanent", "General", "5.1.1"), "smtp; 550 5.1.1 user unknown", Effect.HARD),
    (ses("Permanent", "NoEmail", ""), None, Effect.HARD),
    (ses("Permanent", "General", "5.7.1"), "smtp; 550 5.7.1 refused", Effect.SOFT),
    (ses("Transient", "MailboxFull", "4.2.2"), None, Effect.SOFT),
    (ses("Undetermined", "Undetermined", ""), None, Effect.SOFT),
    # Others
    ({"event": "hard_bounce"}, None, Effect.HARD),
    ({"event": "soft_bounce"}, "550 5.1.1", Effect.SOFT),
    ({"event": "bounce", "hard_bounce": True}, None, Effect.HARD),
    ({"event": "bounce", "hard_bounce": False}, "5.1.1", Effect.SOFT),
    ({"data": {"bounce": {"type": "Permanent"}}}, None, Effect.HARD),
    ({"payload": {"status": "HardFail"}}, None, Effect.HARD),
    # What is about the sender's address says nothing about the recipient's (RFC 3463, 3.2)
    ({"Type": "HardBounce"}, "550 5.1.8 bad sender", Effect.SOFT),
    ({}, "550 5.1.7 bad sender", Effect.SOFT),
    # Numbers that are no status
    ({}, "550 see rfc 5.1.1.2", Effect.SOFT),
    # Doubt
    ({}, None, Effect.SOFT),
    ({}, "550 no", Effect.SOFT),
    (None, "550 5.1.1 no user", Effect.HARD),
    ("text", "421 4.7.0 later", Effect.SOFT),
]


@pytest.mark.parametrize(("esp_event", "mta_response", "expected"), BOUNCES)
def test_b2_a_bounce_is_hard_only_where_nothing_speaks_against_it(
    esp_event: Any, mta_response: str | None, expected: Effect
) -> None:
    effect = classify(
        EventType.BOUNCED,
        reject_reason=RejectReason.BOUNCED,
        bounce_type=bounce_type_of(esp_event),
        smtp_reply=smtp_reply_of(esp_event, mta_response, WHO),
    )
    assert effect is expected


@pytest.mark.parametrize(
    ("event_type", "reject_reason", "bounce_type", "expected"),
    [
        (EventType.DELIVERED, "", "", Effect.DELIVERED),
        (EventType.COMPLAINED, RejectReason.SPAM, "SpamComplaint", Effect.COMPLAINT),
        (EventType.COMPLAINED, RejectReason.SPAM, "SpamNotification", Effect.SOFT),
        (EventType.UNSUBSCRIBED, RejectReason.UNSUBSCRIBED, "", Effect.UNSUBSCRIBED),
        (EventType.REJECTED, RejectReason.INVALID, "BadEmailAddress", Effect.HARD),
        (EventType.REJECTED, RejectReason.SPAM, "", Effect.COMPLAINT),
        (EventType.REJECTED, RejectReason.UNSUBSCRIBED, "", Effect.UNSUBSCRIBED),
        (EventType.REJECTED, RejectReason.BOUNCED, "", Effect.SOFT),
        (EventType.REJECTED, RejectReason.BLOCKED, "Blocked", Effect.SOFT),
        (EventType.REJECTED, "", "", Effect.SOFT),
        (EventType.FAILED, "", "", Effect.SOFT),
        (EventType.DEFERRED, "", "Transient", Effect.NONE),
        (EventType.SENT, "", "", Effect.NONE),
        (EventType.QUEUED, "", "", Effect.NONE),
        (EventType.OPENED, "", "", Effect.NONE),
        (EventType.CLICKED, "", "", Effect.NONE),
        (EventType.SUBSCRIBED, "", "", Effect.NONE),
        (EventType.AUTORESPONDED, "", "AutoResponder", Effect.NONE),
        (EventType.UNKNOWN, "", "HardBounce", Effect.NONE),
        ("something new", "", "", Effect.NONE),
    ],
)
def test_b2_every_kind_of_report_has_its_effect(
    event_type: str, reject_reason: str, bounce_type: str, expected: Effect
) -> None:
    found = classify(event_type, reject_reason=reject_reason, bounce_type=bounce_type)
    assert found is expected


@given(bounce_type=st.text(), smtp_reply=st.text())
def test_b2_doubt_never_suppresses(bounce_type: str, smtp_reply: str) -> None:
    soft = f"{bounce_type}/SoftBounce"
    assert classify(EventType.BOUNCED, bounce_type=soft, smtp_reply=smtp_reply) is Effect.SOFT


json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(
    esp_event=st.dictionaries(
        st.sampled_from(["Type", "bounce", "event-data", "data", "payload", "status"]),
        json_like
        | st.fixed_dictionaries({"bouncedRecipients": json_like, "delivery-status": json_like}),
    )
)
def test_b2_whatever_a_provider_posts_can_be_read(esp_event: Any) -> None:
    assert isinstance(bounce_type_of(esp_event), str)
    assert isinstance(smtp_reply_of(esp_event, None, WHO), str)


def test_the_first_status_is_found() -> None:
    assert status_in("smtp;550-5.1.1 no user 5.7.1") == "5.1.1"
    assert status_in("550 no") == ""
