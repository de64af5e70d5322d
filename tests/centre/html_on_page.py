"""A page as a browser takes it apart: its forms with their fields, and what could do harm."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

TAGS = """
    html head meta title link body header main footer address section form fieldset legend label
    input button select option textarea p h1 h2 h3 ul ol li dl dt dd span div strong em a br hr
    time q blockquote article nav table caption thead tbody tr th td details summary
"""
HARMLESS = frozenset(TAGS.split())
FIELDS = {"input", "button", "select", "textarea"}


@dataclass
class Form:
    """Names with the values that a browser would send; of several buttons the first."""

    fields: dict[str, list[str]] = field(default_factory=dict)


class PageReader(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.harm: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in HARMLESS:
            self.harm.append(f"<{tag}>")
        for attribute, value in given.items():
            address = (value or "").strip().lower()
            if attribute.startswith("on") or attribute in {"style", "srcdoc", "formaction"}:
                self.harm.append(f"{tag} {attribute}={value!r}")
            if attribute in {"href", "src", "action"} and address.startswith(
                ("javascript:", "data:")
            ):
                self.harm.append(f"{tag} {attribute}={value!r}")
        if tag == "form":
            self.forms.append(Form())
        if self.forms and (name := given.get("name")) and tag in FIELDS:
            self.forms[-1].fields.setdefault(name, []).append(given.get("value") or "")
