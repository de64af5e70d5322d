"""No mail is lost and no webhook fails, whatever the mail is made of."""

import json
import time
from contextlib import suppress
from email.message import EmailMessage
from typing import Any

import pytest
from django.db import DatabaseError, OperationalError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from outreach.conversations.automatic import is_automatic
from outreach.conversations.html_text import text_of_html
from outreach.conversations.models import Conversation, InboundMail, Message
from outreach.conversations.parse import MOST_TEXT, Unreadable, parse
from outreach.conversations.pieces import Pieces, address_in, message_ids_in, readable
from outreach.conversations.quote import fold
from outreach.conversations.take import take_again, take_new
from tests.conversations.mails import kept_mime, mail, only_mail, only_message, receive

DEEP = "From: maria@example.com\n" + "".join(
    f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(1200)
)
REPORT = {"Name": "Return-Path", "Value": "<maria@example.com>"}

NASTY: dict[str, dict[str, Any]] = {
    "no From": {"FromFull": None, "From": ""},
    "a From that is none": {"FromFull": {"Email": "a@@@b", "Name": 'x"<>'}, "From": 'x"<>'},
    "no Subject": {"Subject": ""},
    "a Subject of a megabyte": {"Subject": "a b " * 250_000},
    "a Subject of a megabyte, not in ASCII": {"Subject": "è " * 250_000},
    "a name of a megabyte": {"FromFull": {"Email": "maria@example.com", "Name": "M " * 500_000}},
    "a line break in the Subject": {"Subject": "Hello\r\nBcc: eva@example.com"},
    "NUL": {"Subject": "a\x00b", "TextBody": "x\x00y"},
    "half a character": {"Subject": "x\ud800y", "TextBody": "x\udfffy"},
    "a header given twice": {"Headers": [{"Name": "To", "Value": "x@example.com"}] * 2},
    "an empty Message-ID": {"Headers": [{"Name": "Message-ID", "Value": "<>"}]},
    "odd references": {"Headers": [REPORT, {"Name": "References", "Value": "<<<@@@>[<"}]},
    "no text at all": {"TextBody": "", "HtmlBody": ""},
    "HTML alone": {"TextBody": "", "HtmlBody": "<p>Hello <b>there</b></p>"},
    "an unknown charset": {
        "RawEmail": "From: maria@example.com\nSubject: =?bogus?b?xxx?=\n"
        "Content-Type: text/plain; charset=bogus-1\n\nHello"
    },
    "broken encodings": {
        "RawEmail": "From: =?utf-8?b?!!!?= <maria@example.com>\nMessage-ID: [x\nTo: <>,,;;@\n"
        "Content-Type: text/plain; charset*=x''%\nContent-Transfer-Encoding: base64\n\n%%%%"
    },
    "no header": {"RawEmail": "\n\nHello"},
    "nothing": {"RawEmail": " "},
    "a mail in a mail in a mail": {"RawEmail": DEEP},
    "an attachment without a name": {
        "Attachments": [{"Name": "", "ContentType": "image/png", "Content": "QUJD"}]
    },
    "an attachment that is none": {"Attachments": [{"ContentType": "??", "Content": "%%%"}]},
    "fields of the wrong kind": {"Headers": "none", "ToFull": 7, "Subject": ["a"]},
}


@pytest.mark.django_db
@pytest.mark.urls("tests.tracking.urls")
@pytest.mark.parametrize("fields", NASTY.values(), ids=NASTY.keys())
def test_nasty_mail_is_never_lost_and_never_fails(client: Client, fields: dict[str, Any]) -> None:
    began = time.process_time()
    assert receive(client, mail(**fields)) == 200
    assert time.process_time() - began < 5
    kept = only_mail()
    if kept.state == InboundMail.State.QUARANTINED:
        assert kept.error
    else:
        assert kept.state == InboundMail.State.TAKEN
        assert len(only_message().text) <= MOST_TEXT


@pytest.mark.django_db
@pytest.mark.urls("tests.tracking.urls")
@pytest.mark.parametrize(
    "name", ["no From", "an empty Message-ID", "a header given twice", "NUL", "HTML alone"]
)
def test_what_real_mail_does_wrong_is_read_all_the_same(client: Client, name: str) -> None:
    receive(client, mail(**NASTY[name]))
    assert only_mail().state == InboundMail.State.TAKEN
    assert only_message().text


@pytest.mark.django_db
@pytest.mark.urls("tests.tracking.urls")
@pytest.mark.parametrize("body", [[], "text", 7, {}, {"RecordType": "Inbound"}])
def test_what_is_no_mail_waits_for_a_person(client: Client, body: Any) -> None:
    assert receive(client, body) == 200
    assert only_mail().state == InboundMail.State.QUARANTINED
    assert not Message.objects.exists()


@pytest.mark.django_db
@pytest.mark.urls("tests.tracking.urls")
def test_what_was_quarantined_can_be_tried_again(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("outreach.conversations.take.parse", _raising(RecursionError("deep")))
        assert receive(client, mail()) == 200
    kept = only_mail()
    assert (kept.state, kept.error) == (InboundMail.State.QUARANTINED, "RecursionError: deep")
    assert take_new() == 0
    assert take_again([kept.pk]) == 1
    assert Conversation.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.urls("tests.tracking.urls")
def test_a_busy_database_leaves_it_for_the_sweep(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("outreach.conversations.take.match", _raising(OperationalError("locked")))
        assert receive(client, mail()) == 200
    assert only_mail().state == InboundMail.State.NEW
    assert take_new() == 1


@pytest.mark.django_db
@pytest.mark.urls("tests.tracking.urls")
def test_what_cannot_be_kept_makes_the_provider_send_it_again(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = mail()
    client.raise_request_exception = False
    with monkeypatch.context() as patched:
        patched.setattr(InboundMail, "save", _raising(DatabaseError("disk full")))
        assert receive(client, body) == 500
    assert receive(client, body) == 200
    assert Message.objects.count() == 1


@given(raw=st.binary(max_size=2000))
def test_any_bytes_can_be_read_or_are_refused(raw: bytes) -> None:
    with suppress(Unreadable):
        read = parse(kept_mime(raw))
        assert "\x00" not in read.text + read.subject + read.from_address


@given(payload=st.recursive(st.none() | st.text() | st.integers(), st.lists, max_leaves=5))
def test_any_payload_can_be_read_or_is_refused(payload: Any) -> None:
    with pytest.raises(Unreadable):
        parse(json.dumps({"payload": payload}))


def test_a_mail_with_everything_is_read() -> None:
    given_mail = EmailMessage()
    given_mail["From"] = "Maria Rossi <maria@example.com>"
    given_mail["Reply-To"] = "Studio <studio@example.com>"
    given_mail["To"] = '"x@y" <hello@example.org>, <other@example.org>'
    given_mail["Subject"] = "Più vino"
    given_mail["Message-ID"] = "<1@example.com>"
    given_mail["In-Reply-To"] = "<2@example.com>"
    given_mail["References"] = "<3@example.com> <2@example.com>"
    given_mail.set_content("Buongiorno, perché no?")
    given_mail.add_alternative("<p>Buongiorno</p>", subtype="html")
    given_mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="più.pdf")
    read = parse(kept_mime(given_mail.as_bytes(), delivered_to="<in@example.org>"))
    assert read.from_address == "maria@example.com"
    assert read.answer_to == "studio@example.com"
    assert read.to_addresses == ("in@example.org", "x@y", "hello@example.org", "other@example.org")
    assert read.subject == "Più vino"
    assert read.text == "Buongiorno, perché no?\n\n[più.pdf]"
    assert read.message_id == "<1@example.com>"
    assert read.answers == ("<2@example.com>", "<3@example.com>")
    assert not read.is_automatic


def test_raw_bytes_in_headers_are_read_as_utf_8() -> None:
    raw = "From: Žofie <z@example.com>\nSubject: Žluťoučký\n\nx".encode()
    kept = json.dumps({"mime": raw.decode()})
    assert parse(kept).subject == "Žluťoučký"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Hello <b>there</b></p><p>Maria</p>", "Hello there\n\nMaria"),
        ("one<br>two<br/>three", "one\ntwo\nthree"),
        ("<style>p { x: y }</style><script>go('<p>')</script>Hello", "Hello"),
        ("<!-- <p>no</p> -->yes<!--[if mso]>no<![endif]-->", "yes"),
        ("1 &lt; 2 &amp; 3", "1 < 2 & 3"),
        ("&lt;script&gt;go()&lt;/script&gt;", "<script>go()</script>"),
        ("2 < 3 and a - b", "2 < 3 and a - b"),
        ("<head><title>x</title></head><body>y</body>", "y"),
        ("<a href='javascript:x'>press</a>", "press"),
        ("<", "<"),
        ("", ""),
    ],
)
def test_html_is_read_as_its_words(html: str, text: str) -> None:
    assert text_of_html(html) == text


@pytest.mark.parametrize("piece", ["<", "<!--", "<script>", "<p ", "-->", "</", "&#", "<a href='"])
def test_hostile_html_takes_no_more_than_its_length(piece: str) -> None:
    began = time.process_time()
    text_of_html(piece * (400_000 // len(piece)))
    assert time.process_time() - began < 3


@pytest.mark.parametrize("piece", ["(", "<", '"', "@", "=?a?q?", ",", "a@b ", "<a@b>", "\\"])
def test_hostile_headers_take_no_more_than_their_length(piece: str) -> None:
    began = time.process_time()
    long = piece * (1_000_000 // len(piece))
    for read in (readable, address_in, message_ids_in):
        read(long)
    assert time.process_time() - began < 3


@pytest.mark.parametrize("piece", ["on ", "> ", "\n", "-- ", "_", "On x wrote\n", "wrote: "])
def test_hostile_quotations_take_no_more_than_their_length(piece: str) -> None:
    began = time.process_time()
    folded = fold(piece * (MOST_TEXT // len(piece)))
    assert time.process_time() - began < 3
    assert folded.said or not folded.quoted


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Yes.\n\nOn Mon, 4 May 2026 at 9:30, Anna <a@b> wrote:\n> Come", "Yes."),
        ("Sì.\n\nIl giorno lun 4 mag 2026 Anna ha scritto:\n> Vieni", "Sì."),
        ("Да.\n\n4 мая 2026 в 9:30 Anna <a@b> написала:\n> x", "Да."),
        ("Yes.\n-----Original Message-----\nFrom: Anna", "Yes."),
        ("Yes.\n> quoted\nand below", "Yes."),
        ("> all of it\n> is quoted", "> all of it\n> is quoted"),
        ("On Sunday we come.\nIt wrote itself.", "On Sunday we come.\nIt wrote itself."),
        ("", ""),
    ],
)
def test_what_is_quoted_is_folded_away(text: str, said: str) -> None:
    assert fold(text).said == said


@given(text=st.text())
def test_folding_loses_nothing(text: str) -> None:
    folded = fold(text)
    assert (folded.said + folded.quoted).split() == text.split()


@pytest.mark.parametrize(
    "headers",
    [
        {"auto-submitted": "auto-replied"},
        {"auto-submitted": "auto-generated; owner-email=x"},
        {"precedence": "auto_reply"},
        {"precedence": "Bulk"},
        {"x-autoreply": "yes"},
        {"x-autorespond": "1"},
        {"return-path": "<>"},
        {"content-type": "multipart/report; report-type=delivery-status"},
    ],
)
def test_statement_10_a_machine_is_known_by_its_headers(headers: dict[str, str]) -> None:
    pieces = Pieces(headers=list(headers.items()))
    assert is_automatic(pieces, from_address="maria@example.com", subject="Hello")


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: Tasting",
        "Out of office",
        "Risposta automatica: Degustazione",
        "Respuesta automática: Cata",
        "Автоматический ответ: дегустация",
    ],
)
def test_statement_10_a_machine_is_known_by_its_subject(subject: str) -> None:
    assert is_automatic(Pieces(), from_address="maria@example.com", subject=subject)


def test_statement_10_a_machine_is_known_by_its_envelope() -> None:
    assert is_automatic(Pieces(return_path=""), from_address="x@example.com", subject="")
    assert is_automatic(Pieces(), from_address="MAILER-DAEMON@example.com", subject="")


@pytest.mark.parametrize(
    "headers",
    [
        {"auto-submitted": "no"},
        {"precedence": "list"},
        {"x-auto-response-suppress": "All"},
        {"x-autoreply": "no"},
        {},
    ],
)
def test_a_person_is_not_taken_for_a_machine(headers: dict[str, str]) -> None:
    pieces = Pieces(headers=list(headers.items()), return_path="maria@example.com")
    for subject in ("Re: Automatic reply: x", "My office is out of town", ""):
        assert not is_automatic(pieces, from_address="maria@example.com", subject=subject)


def _raising(error: Exception) -> Any:
    def stand_in(*args: object, **kwargs: object) -> None:
        raise error

    return stand_in
