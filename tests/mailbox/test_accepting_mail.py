import uuid
from typing import Any

import pytest
import requests
from anymail.exceptions import AnymailRequestsAPIError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .conftest import TOKEN, Mailbox, a_mail

VALID = {"From": "anna@cantina.example", "To": "maria@example.it", "TextBody": "Ciao"}

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


def listed(mailbox: Mailbox, address: str) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = mailbox.story("GET", f"messages?to={address}").json()
    return messages


def test_anymail_sends_a_message_and_each_field_is_kept(mailbox: Mailbox, maria: str) -> None:
    mail = a_mail(
        f"Мария Росси <{maria}>",
        cc=["Zoë <zoe@example.es>"],
        reply_to=["Anna <anna+d1@reply.example>"],
        headers={"List-Id": "<tastings.example>"},
        metadata={"delivery": "17", "attempt": 2},
    )
    mailbox.backend().send_messages([mail])

    status = mail.anymail_status  # type: ignore[attr-defined]
    assert status.status == {"sent"}
    [kept] = listed(mailbox, maria)
    assert kept["MessageID"] == status.message_id == str(uuid.UUID(status.message_id))
    assert kept["From"] == "Anna Bianchi <anna@cantina.example>"
    assert kept["To"] == f"Мария Росси <{maria}>"
    assert kept["Cc"] == "Zoë <zoe@example.es>"
    assert kept["ReplyTo"] == "Anna <anna+d1@reply.example>"
    assert kept["Subject"] == "A tasting in Asti"
    assert kept["TextBody"] == "Ciao Maria,\ncome and taste."
    assert kept["HtmlBody"] == "<p>Ciao <b>Maria</b></p>"
    assert kept["Headers"] == [{"Name": "List-Id", "Value": "<tastings.example>"}]
    assert kept["Metadata"] == {"delivery": "17", "attempt": "2"}
    assert (kept["Tag"], kept["MessageStream"]) == ("tastings", "outbound")
    assert [each["Email"] for each in kept["Recipients"]] == [maria, "zoe@example.es"]


def test_a_batch_gives_each_recipient_a_message_of_their_own(mailbox: Mailbox, maria: str) -> None:
    mail = a_mail(maria)
    mail.to.append("giulia@example.it")
    mail.merge_metadata = {maria: {"n": "1"}}  # type: ignore[attr-defined]
    mailbox.backend().send_messages([mail])

    recipients = mail.anymail_status.recipients  # type: ignore[attr-defined]
    assert recipients[maria].message_id != recipients["giulia@example.it"].message_id
    assert [message["Metadata"] for message in listed(mailbox, maria)] == [{"n": "1"}]


def test_a_wrong_token_is_refused(mailbox: Mailbox, maria: str) -> None:
    with pytest.raises(AnymailRequestsAPIError) as refused:
        mailbox.backend(token="another").send_messages([a_mail(maria)])

    assert refused.value.status_code == 401
    assert refused.value.response.json()["ErrorCode"] == 10
    assert listed(mailbox, maria) == []


@pytest.mark.parametrize("spoiler", ["hard-bounce", "complain"])
def test_an_address_that_bounced_or_complained_is_inactive(
    mailbox: Mailbox, maria: str, spoiler: str
) -> None:
    mailbox.happens(mailbox.send(maria), spoiler)

    mail = a_mail(maria.upper())
    backend = mailbox.backend()
    backend.fail_silently = True
    backend.send_messages([mail])
    assert mail.anymail_status.status == {"rejected"}  # type: ignore[attr-defined]
    answer = mailbox.call("email", {**VALID, "To": maria})
    assert (answer.status_code, answer.json()["ErrorCode"]) == (422, 406)


def test_the_active_recipients_get_it_where_another_is_inactive(
    mailbox: Mailbox, maria: str
) -> None:
    mailbox.happens(mailbox.send(maria), "hard-bounce")
    mail = a_mail(maria)
    mail.to.append("still-there@example.it")
    mailbox.backend().send_messages([mail])

    recipients = mail.anymail_status.recipients  # type: ignore[attr-defined]
    assert recipients[maria].status == "rejected"
    assert recipients["still-there@example.it"].status == "sent"
    assert len(listed(mailbox, maria)) == 1


def test_a_soft_bounce_leaves_the_address_active(mailbox: Mailbox, maria: str) -> None:
    mailbox.happens(mailbox.send(maria), "soft-bounce")
    assert mailbox.call("email", {**VALID, "To": maria}).status_code == 200


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"To": None}, 300),
        ({"To": ""}, 300),
        ({"To": "maria"}, 300),
        ({"To": "maria@exam ple.it"}, 300),
        ({"To": "ma ria@example.it"}, 300),
        ({"To": "maria@example.it\r\nBcc: all@example.it"}, 300),
        ({"To": ",".join(f"m{n}@example.it" for n in range(51))}, 300),
        ({"To": ["maria@example.it"]}, 403),
        ({"From": ""}, 300),
        ({"From": "Cantina"}, 300),
        ({"ReplyTo": "nobody"}, 300),
        ({"TextBody": ""}, 300),
        ({"TextBody": 12}, 403),
        ({"Subject": "two\nlines"}, 300),
        ({"Headers": {"X-A": "b"}}, 403),
        ({"Headers": [{"Name": "X-A"}]}, 403),
        ({"Headers": [{"Name": "X A", "Value": "b"}]}, 300),
        ({"Headers": [{"Name": "X-A", "Value": "b\r\nX-B: c"}]}, 300),
        ({"Metadata": {"k": "v" * 81}}, 300),
        ({"Metadata": {"k" * 21: "v"}}, 300),
        ({"Metadata": {f"k{n}": "v" for n in range(11)}}, 300),
        ({"Metadata": {"k": {}}}, 403),
        ({"Metadata": "k"}, 403),
        ({"MessageStream": "no such stream"}, 1235),
        ({"Attachments": [{"Name": "a", "Content": "%", "ContentType": "text/plain"}]}, 300),
        ({"Attachments": [{"Name": "a"}]}, 403),
    ],
)
def test_a_bad_field_is_refused_with_postmarks_code(
    mailbox: Mailbox, fields: dict[str, Any], code: int
) -> None:
    answer = mailbox.call("email", {**VALID, **fields})
    assert (answer.status_code, answer.json()["ErrorCode"]) == (422, code)
    assert answer.json()["Message"]


def test_in_a_batch_a_bad_message_does_not_hinder_the_others(mailbox: Mailbox, maria: str) -> None:
    answer = mailbox.call("email/batch", [{**VALID, "To": maria}, {**VALID, "To": ""}, 3])
    assert answer.status_code == 200
    assert [each["ErrorCode"] for each in answer.json()] == [0, 300, 403]


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff", b'{"a": NaN}', b'{"Subject": "\\ud800"}', b"[" * 100_000],
    ids=["empty", "broken", "not UTF-8", "NaN", "half a pair", "too deep"],
)
def test_bad_json_is_refused(mailbox: Mailbox, body: bytes) -> None:
    answer = requests.post(
        f"{mailbox.url}postmark/email",
        data=body,
        headers={"X-Postmark-Server-Token": TOKEN, "Content-Type": "application/json"},
        timeout=10,
    )
    assert (answer.status_code, answer.json()["ErrorCode"]) == (422, 402)


def test_the_shape_of_a_call_is_checked(mailbox: Mailbox) -> None:
    assert mailbox.call("email", [VALID]).json()["ErrorCode"] == 403
    assert mailbox.call("email/batch", VALID).json()["ErrorCode"] == 403
    assert mailbox.call("email/batch", [VALID] * 501).json()["ErrorCode"] == 410
    assert mailbox.call("email", VALID, **{"Content-Type": "text/plain"}).status_code == 415
    assert mailbox.page("postmark/email").status_code == 405
    assert mailbox.call("servers", {}).status_code == 404


def test_a_body_above_ten_megabytes_is_refused(mailbox: Mailbox) -> None:
    answer = mailbox.call("email", {**VALID, "TextBody": "x" * (10 * 1024 * 1024)})
    assert answer.status_code == 413


def test_templates_are_answered_as_unknown(mailbox: Mailbox, maria: str) -> None:
    mail = a_mail(maria, subject="", body="", html="")
    mail.template_id = "welcome"  # type: ignore[attr-defined]
    with pytest.raises(AnymailRequestsAPIError) as refused:
        mailbox.backend().send_messages([mail])
    assert refused.value.response.json()["ErrorCode"] == 1101


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    data=st.fixed_dictionaries(
        {"From": st.just(VALID["From"]), "To": st.text() | st.just(VALID["To"])},
        optional=dict.fromkeys(
            ("TextBody", "Subject", "ReplyTo", "Headers", "Metadata", "Attachments", "Tag"),
            json_values,
        ),
    )
    | json_values
)
def test_whatever_is_sent_there_is_an_answer_in_postmarks_form(mailbox: Mailbox, data: Any) -> None:
    answer = mailbox.call("email", data)
    assert answer.status_code in {200, 422}
    assert (answer.status_code == 200) == (answer.json()["ErrorCode"] == 0)
