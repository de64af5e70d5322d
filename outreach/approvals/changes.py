"""What changed in a campaign between two looks at it, piece by piece, with the words themselves."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from outreach.campaigns.models import Campaign, Variant

WORD = re.compile(r"\S+\s*|\s+")
MOST_WORDS = 1500  # of both texts; longer ones are compared by line, which takes far less time

Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words that stayed, are gone or are new."""

    kind: Literal["same", "gone", "new"]
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    label: str
    pieces: tuple[Piece, ...]


def changes_between(before: Content, after: Content) -> list[Change]:
    """Both as `fingerprint.content_of` makes them; empty where one of them was not kept."""
    if not before or not after:
        return []
    was, now = dict(_values(before)), dict(_values(after))
    labels = [*now, *(label for label in was if label not in now)]
    return [
        Change(label, compare(was.get(label, ""), now.get(label, "")))
        for label in labels
        if was.get(label, "") != now.get(label, "")
    ]


def compare(before: str, after: str) -> tuple[Piece, ...]:
    """The words of both texts in order, each as gone, new or the same."""
    old, new = WORD.findall(before), WORD.findall(after)
    if len(old) + len(new) > MOST_WORDS:
        old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    pieces: list[Piece] = []
    for what, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            pieces.append(Piece("same", "".join(old[i:j])))
            continue
        if i < j:
            pieces.append(Piece("gone", "".join(old[i:j])))
        if k < m:
            pieces.append(Piece("new", "".join(new[k:m])))
    return tuple(pieces)


def _values(content: Content) -> Iterator[tuple[str, str]]:
    """What a person would look at, in words, in the order of the campaign's page."""
    campaign, sender = content["campaign"], content["sender"]
    yield _label(Campaign, "name"), campaign["name"]
    yield _label(Campaign, "topic"), content["topic"]["name"]
    yield _label(Campaign, "purpose"), _chosen(Campaign, "purpose", campaign["purpose"])
    yield _label(Campaign, "approach"), _chosen(Campaign, "approach", campaign["approach"])
    for part, label in ((False, _("For the groups")), (True, _("Without the groups"))):
        names = [aim["group"] for aim in content["aims"] if aim["is_left_out"] == part]
        yield label, ", ".join(names)
    yield _("People who get it"), str(content["run"]["included"])
    for variant in content["variants"]:
        # With texts for several channels each says which it is of.
        way = _chosen(Variant, "channel", variant["channel"])
        of = f", {way}" if len(content["variants"]) > 1 else ""
        for name in ("subject", "preheader", "body"):
            yield f"{_label(Variant, name)}{of}", variant[name]
    for name in ("justification", *Campaign.QUESTIONS, "impersonal_reason"):
        yield _label(Campaign, name), campaign[name]
    if together := content.get("coordination", ""):
        yield _label(Campaign, "coordination"), together
        yield _label(Campaign, "coordination_rank"), str(campaign["coordination_rank"])
    yield _label(Campaign, "cap_reason"), campaign["cap_reason"]
    signed = (sender["name"], sender["role"], sender["phone"], sender["email"])
    yield _label(Campaign, "sender"), ", ".join(filter(None, signed))


def _label(model: Any, name: str) -> str:
    return capfirst(str(model._meta.get_field(name).verbose_name))


def _chosen(model: Any, name: str, value: str) -> str:
    return str(dict(model._meta.get_field(name).flatchoices).get(value, value))
