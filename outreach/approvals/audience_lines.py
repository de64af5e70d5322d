"""The waterfall as staff see it: a line a reason, each a link to the people behind it."""

from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from outreach.audiences.waterfall import Waterfall, sentence_of

INCLUDED = "included"
PEOPLE_A_PAGE = 100


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the waterfall; `width` is in hundredths of the longest bar, for SVG."""

    words: str | Promise
    count: int
    width: str
    url: str
    is_outcome: bool = False

    @property
    def figure(self) -> str:
        return number_format(self.count, force_grouping=True)


def waterfall_lines(found: Waterfall, url: str, *, query: str = "") -> list[Line]:
    """Everybody in the groups, each reason, who is written to; `url` is the page of people."""

    def line(words: str | Promise, count: int, which: str, is_outcome: bool = False) -> Line:
        width = f"{100 * count / found.candidates:.1f}" if found.candidates else "0"
        asked = "&".join(filter(None, [query, f"which={which}" if which else ""]))
        return Line(words, count, width, f"{url}?{asked}" if asked else url, is_outcome)

    return [
        line(_("In the groups"), found.candidates, ""),
        *(line(bar.sentence, bar.count, bar.code) for bar in found.bars),
        line(_("will be written to"), found.included, INCLUDED, True),
    ]


def people_title(which: str) -> str:
    """Whom a line is about."""
    if not which:
        return _("Everybody in the groups")
    if which == INCLUDED:
        return _("People who get the message")
    return _("People who %(reason)s") % {"reason": sentence_of(which)}
