"""A preference page as a person uses it: read the boxes, change some, press a button."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.test import Client


@dataclass
class PreferenceForm:
    """The boxes as shown; `press` sends them the way a browser would."""

    client: Client
    path: str
    shown: list[str] = field(default_factory=list)
    offered: list[str] = field(default_factory=list)
    ticked: set[str] = field(default_factory=set)

    def save(self) -> str:
        """The page that comes after Save."""
        return self._post({"do": "save", "shown": self.shown, "ticked": sorted(self.ticked)})

    def press(self, **fields: str) -> str:
        return self._post(dict(fields))

    def _post(self, fields: dict[str, str | list[str]]) -> str:
        answer = self.client.post(self.path, fields)
        assert (answer.status_code, answer["Location"]) == (303, "?saved=1")
        return self.client.get(self.path + "?saved=1").content.decode()


class _Inputs(HTMLParser):
    def __init__(self, form: PreferenceForm) -> None:
        super().__init__()
        self.form = form

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        value = given.get("value") or ""
        if given.get("name") == "shown":
            self.form.shown.append(value)
        if given.get("name") == "ticked":
            self.form.offered.append(value)
            self.form.ticked |= {value} if "checked" in given else set()


def open_form(client: Client, path: str) -> PreferenceForm:
    form = PreferenceForm(client, path)
    _Inputs(form).feed(client.get(path).content.decode())
    return form
