"""A preference page as a person uses it: read the boxes, change some, press a button."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.test import Client

Fields = dict[str, str | list[str]]


@dataclass
class PreferenceForm:
    """The boxes as shown; `press` sends them the way a browser would. `often` is by topic."""

    client: Client
    path: str
    as_of: str = ""
    shown: list[str] = field(default_factory=list)
    was: list[str] = field(default_factory=list)
    offered: list[str] = field(default_factory=list)
    ticked: set[str] = field(default_factory=set)
    often: dict[str, str] = field(default_factory=dict)

    def save(self) -> str:
        """The page that comes after Save; the form stays as old as it was."""
        often = {f"often:{topic}": chosen for topic, chosen in self.often.items()}
        ticked: Fields = {"shown": self.shown, "was": self.was, "ticked": sorted(self.ticked)}
        return self._post({"do": "save", "as_of": self.as_of, **ticked, **often})

    def press(self, **fields: str) -> str:
        """The page that comes after another button, and is the one looked at from then on."""
        page = self._post({"as_of": self.as_of, **fields})
        fresh = PreferenceForm(self.client, self.path)
        _Inputs(fresh).feed(page)
        self.as_of = fresh.as_of or self.as_of
        return page

    def _post(self, fields: Fields) -> str:
        answer = self.client.post(self.path, fields)
        assert answer.status_code == 303
        assert answer["Location"].startswith("?saved=")
        return self.client.get(self.path + answer["Location"]).content.decode()


class _Inputs(HTMLParser):
    def __init__(self, form: PreferenceForm) -> None:
        super().__init__()
        self.form = form
        self.topic = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name") or "", given.get("value") or ""
        if name == "as_of":
            self.form.as_of = value
        if name in {"shown", "was"}:
            getattr(self.form, name).append(value)
        if name == "ticked":
            self.form.offered.append(value)
            self.form.ticked |= {value} if "checked" in given else set()
        if tag == "select":
            self.topic = name.partition("often:")[2]
        if tag == "option" and self.topic and (not value or "selected" in given):
            self.form.often[self.topic] = value


def open_form(client: Client, path: str) -> PreferenceForm:
    form = PreferenceForm(client, path)
    _Inputs(form).feed(client.get(path).content.decode())
    return form
