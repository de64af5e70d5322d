import pytest

from .conftest import Mailbox, Site

POST = {"List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def with_headers(mailbox: Mailbox, to: str, headers: dict[str, str]) -> str:
    """Sends a message with these headers and returns the path of its page."""
    message_id = mailbox.send(to, headers=headers)
    return mailbox.page(f"messages/{message_id}/").url.removeprefix(mailbox.url)


def test_the_control_posts_as_rfc_8058_asks(mailbox: Mailbox, site: Site, maria: str) -> None:
    address = f"{site.url}/unsubscribe/abc?x=1"
    page = with_headers(
        mailbox, maria, {"List-Unsubscribe": f"<mailto:u@example.it>, <{address}>", **POST}
    )
    answer = mailbox.press(page, f"{page}unsubscribe")

    [received] = site.requests
    assert received.path == "/unsubscribe/abc?x=1"
    assert received.body == b"List-Unsubscribe=One-Click"
    assert received.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert not {"Cookie", "Authorization"} & set(received.headers)
    assert "Answered 200" in answer.text


def test_a_redirect_is_not_followed(mailbox: Mailbox, site: Site, maria: str) -> None:
    site.status = 302
    page = with_headers(mailbox, maria, {"List-Unsubscribe": f"<{site.url}/u>", **POST})
    answer = mailbox.press(page, f"{page}unsubscribe")
    assert [received.path for received in site.requests] == ["/u"]
    assert "Failed: answered 302" in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"List-Unsubscribe": "<http://127.0.0.1:9/u>"},
        {"List-Unsubscribe": "<mailto:u@example.it>", **POST},
        {"List-Unsubscribe": "<http://127.0.0.1:9/u>", "List-Unsubscribe-Post": "Yes"},
        {"List-Unsubscribe": "<javascript:alert(1)>", **POST},
        POST,
    ],
)
def test_without_both_headers_there_is_no_control(
    mailbox: Mailbox, site: Site, maria: str, headers: dict[str, str]
) -> None:
    page = with_headers(mailbox, maria, headers)
    assert "Unsubscribe</button>" not in mailbox.page(page).text
    message_id = mailbox.story("GET", f"messages?to={maria}").json()[0]["MessageID"]
    assert mailbox.story("POST", f"messages/{message_id}/unsubscribe").status_code == 422


def test_a_get_never_unsubscribes(mailbox: Mailbox, site: Site, maria: str) -> None:
    page = with_headers(mailbox, maria, {"List-Unsubscribe": f"<{site.url}/u>", **POST})
    for path in (page, f"{page}headers/", f"{page}unsubscribe"):
        mailbox.page(path)
    assert site.requests == []
