import re

import pytest
import requests

from .conftest import Mailbox, Site

HTML = (
    "<!doctype html><html><head><title>t</title><style>p {color: red}</style></head>"
    '<body><p style="color: blue">Ciao</p><script>alert(1)</script>'
    '<img src="cid:logo"><a href="http://127.0.0.1:9/why">Why</a></body></html>'
)


def page_of(mailbox: Mailbox, message_id: str) -> str:
    return mailbox.page(f"messages/{message_id}/").url.removeprefix(mailbox.url)


def test_the_list_shows_each_mailbox_once_and_finds_by_name(mailbox: Mailbox, maria: str) -> None:
    nickname = maria.partition("@")[0]
    mailbox.send(f"Мария Петрова-{nickname} <{maria}>", subject="First")
    mailbox.send(f"Мария Петрова-{nickname} <{maria}>", subject="Second")

    shown = mailbox.page(f"?q=петрова-{nickname}").text
    assert shown.count(f'href="/mailboxes/{maria}/"') == 1
    assert "2 messages" in shown
    assert "Second" in shown
    assert "Nobody matches" in mailbox.page("?q=nobody-at-all").text


def test_a_mailbox_lists_its_messages_newest_first(mailbox: Mailbox, maria: str) -> None:
    mailbox.send(maria, subject="The older one")
    mailbox.send(maria, subject="The newer one")
    shown = mailbox.page(f"mailboxes/{maria}/").text
    assert shown.index("The newer one") < shown.index("The older one")
    assert "Waiting" in shown


def test_markup_in_a_message_is_shown_and_not_obeyed(mailbox: Mailbox, maria: str) -> None:
    name = "<script>alert(1)</script>"
    message_id = mailbox.send(maria, subject=name, body=name, from_email=f'"{name}" <a@b.example>')
    page = page_of(mailbox, message_id)
    for path in ("", "mail/", f"mailboxes/{maria}/", page, f"{page}text/", f"{page}headers/"):
        shown = mailbox.page(path).text
        assert "<script" not in shown
        assert "&lt;script&gt;" in shown


def test_the_html_is_framed_in_a_sandbox_under_a_policy_of_its_own(
    mailbox: Mailbox, maria: str
) -> None:
    page = page_of(mailbox, mailbox.send(maria, html=HTML))
    around = mailbox.page(page)
    frame = re.search(r"<iframe[^>]*>", around.text)
    assert frame is not None
    sandbox = re.search(r'sandbox="([^"]*)"', frame.group())
    assert sandbox is not None
    assert not {"allow-scripts", "allow-same-origin", "allow-forms"} & set(sandbox.group(1).split())
    policy = around.headers["Content-Security-Policy"]
    assert "default-src 'none'; style-src 'self'" in policy
    assert "unsafe" not in policy

    framed = mailbox.page(f"{page}html")
    assert framed.text.startswith("<!doctype html><html><head><base target")
    policy = framed.headers["Content-Security-Policy"]
    assert "default-src 'none'; style-src 'unsafe-inline'" in policy
    assert "sandbox " in policy
    assert "script-src" not in policy


def test_pictures_and_files_inside_the_message_are_shown(mailbox: Mailbox, maria: str) -> None:
    inside = {"Name": "logo.png", "Content": "QUJD", "ContentType": "image/png"}
    answer = mailbox.call(
        "email",
        {
            "From": "anna@cantina.example",
            "To": maria,
            "HtmlBody": HTML,
            "Attachments": [{**inside, "ContentID": "cid:logo"}],
        },
    )
    page = page_of(mailbox, answer.json()["MessageID"])
    assert 'src="data:image/png;base64,QUJD"' in mailbox.page(f"{page}html").text
    file = mailbox.page(f"{page}attachments/1")
    assert file.content == b"ABC"
    assert file.headers["Content-Disposition"] == 'attachment; filename="logo.png"'
    assert mailbox.page(f"{page}attachments/2").status_code == 404


def test_a_button_lets_it_happen_and_shows_the_answer(
    mailbox: Mailbox, site: Site, maria: str
) -> None:
    page = page_of(mailbox, mailbox.send(maria))
    assert "Nothing yet." in mailbox.page(page).text
    for verb in ("delivered", "hard-bounce", "soft-bounce", "out-of-office", "complain"):
        answer = mailbox.press(page, f"{page}{verb}")
        assert answer.status_code == 200
    assert len(site.requests) == answer.text.count("Answered 200") == 5
    assert "refused for good" in answer.text


def test_a_reply_is_typed_and_an_empty_one_is_asked_for_again(
    mailbox: Mailbox, site: Site, maria: str
) -> None:
    page = page_of(mailbox, mailbox.send(maria))
    empty = mailbox.press(page, f"{page}reply", text="   ")
    assert (empty.status_code, site.requests) == (422, [])
    assert 'aria-invalid="true"' in empty.text

    answer = mailbox.press(page, f"{page}reply", text="Sì, volentieri")
    assert "Sì, volentieri" in answer.text
    assert len(site.requests) == 1


def test_what_failed_can_be_tried_again_with_the_same_body(
    mailbox: Mailbox, site: Site, maria: str
) -> None:
    page = page_of(mailbox, mailbox.send(maria))
    site.status = 500
    failed = mailbox.press(page, f"{page}reply", text="Yes")
    assert "Failed: answered 500" in failed.text
    assert "a page about what went wrong" in failed.text

    site.status = 200
    action = re.search(r'action="/(sent-back/\d+/again)"', failed.text)
    assert action is not None
    answer = mailbox.press(page, action.group(1))
    assert "Answered 200" in answer.text
    assert "Sent 2 times" in answer.text
    assert site.requests[0].body == site.requests[1].body


def test_a_bounced_address_may_be_opened_again_one_that_complained_not(
    mailbox: Mailbox, site: Site, maria: str
) -> None:
    message_id = mailbox.send(maria)
    mailbox.happens(message_id, "hard-bounce")
    box = f"mailboxes/{maria}/"
    mailbox.press(box, f"mailboxes/{maria}/activate".replace("//", "/"))
    mailbox.happens(mailbox.send(maria), "hard-bounce")
    mailbox.happens(message_id, "complain")
    assert "refused for good" in mailbox.page(box).text
    assert "/activate" not in mailbox.page(box).text


def test_everything_that_waits_is_delivered_with_one_button(
    mailbox: Mailbox, site: Site, maria: str
) -> None:
    mailbox.send(maria)
    answer = mailbox.press("", "mail/deliver-rest")
    assert answer.url.endswith("/sent-back/")
    assert "to be delivered" not in mailbox.page("").text
    assert mailbox.page("sent-back/?failed=1").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "mail/999999/",
        "mail/99999999999999999999999/",
        "mail/999999/html",
        "messages/not-an-id/",
        "messages/00000000-0000-4000-8000-000000000000/",
        "mailboxes/nobody@example.it/",
        "nowhere",
    ],
)
def test_what_is_not_there_is_said_kindly(mailbox: Mailbox, path: str) -> None:
    response = mailbox.page(path)
    assert response.status_code == 404
    assert 'href="/">Mailboxes</a>' in response.text


def test_a_form_from_elsewhere_is_refused(mailbox: Mailbox, site: Site, maria: str) -> None:
    page = page_of(mailbox, mailbox.send(maria))
    refused = requests.post(f"{mailbox.url}{page}complain", timeout=10)
    assert refused.status_code == 403
    assert "Nothing happened" in refused.text
    assert mailbox.page(f"{page}complain").status_code == 405
    assert mailbox.press(page, f"{page}delivered").status_code == 200
    with requests.Session() as session:
        shown = session.get(f"{mailbox.url}{page}", timeout=10).text
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', shown)
        assert token is not None
        data = {"csrfmiddlewaretoken": token.group(1)}
        response = session.post(f"{mailbox.url}{page}vanish", data=data, timeout=10)
    assert response.status_code == 404


def test_another_host_name_is_refused(mailbox: Mailbox) -> None:
    response = requests.get(mailbox.url, headers={"Host": "evil.example"}, timeout=10)
    assert response.status_code == 400


def test_the_style_sheet_is_served_by_the_mailbox_itself(mailbox: Mailbox) -> None:
    response = mailbox.page("mailbox.css")
    assert response.headers["Content-Type"].startswith("text/css")
    assert "prefers-color-scheme: dark" in response.text
