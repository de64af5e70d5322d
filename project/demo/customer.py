"""What customers do, as their browser and their mail program would do it."""

import re
from html import unescape
from html.parser import HTMLParser

import requests

from project.demo.provider import Mail


class _Forms(HTMLParser):
    """What a browser would send of each form of a page, before anything is changed."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[list[tuple[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "form":
            self.forms.append([])
        given = dict(attrs)
        name, kind = given.get("name"), given.get("type", "text")
        if tag not in ("input", "button") or not name or not self.forms:
            return
        if kind not in ("checkbox", "radio") or "checked" in given:
            self.forms[-1].append((name, given.get("value") or "on"))


def header(mail: Mail, name: str) -> str:
    """A header of a message as the provider lists it; "" without."""
    for row in mail["Headers"]:
        if row["Name"].lower() == name.lower():
            return str(row["Value"])
    return ""


def one_click_url(mail: Mail) -> str:
    return header(mail, "List-Unsubscribe").strip("<>")


def preferences_url(mail: Mail) -> str:
    """The link to the preference page in the plain-text part."""
    found = re.search(r"https?://\S+/p/\S+", unescape(mail["TextBody"]))
    if found is None:
        raise RuntimeError("The message has no link to the preference page.")
    return found[0].rstrip(".,)#").split("#")[0]


def open_page(url: str) -> requests.Response:
    """Open a page without cookies."""
    answer = requests.get(url, timeout=10)
    answer.raise_for_status()
    return answer


def press_unsubscribe(mail: Mail) -> None:
    """What the button of a mail program does (RFC 8058): one POST, no cookie, no redirect."""
    answer = requests.post(
        one_click_url(mail),
        data={"List-Unsubscribe": "One-Click"},
        allow_redirects=False,
        timeout=10,
    )
    if answer.status_code != 200:
        raise RuntimeError(f"One-click unsubscribe answered {answer.status_code}.")


def untick_all_topics(mail: Mail) -> None:
    """Open the preference page from the message, untick what is ticked, and save."""
    url = preferences_url(mail)
    page = _Forms()
    page.feed(open_page(url).text)
    topics = next(form for form in page.forms if ("do", "save") in form)
    left = [(name, value) for name, value in topics if name != "ticked"]
    answer = requests.post(url, data=left, timeout=10)
    answer.raise_for_status()
    if "Saved" not in answer.text and "saved" not in answer.url:
        raise RuntimeError("The preference page did not save.")
