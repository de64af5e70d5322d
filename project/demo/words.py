"""What Anna writes in the story, and what she says about it."""

from dataclasses import dataclass

BARBERA = """\
Dear {{ given_name | friend of the estate }},

on {saturday} we open the first Barbera of the year, and you asked us to tell you when \
we taste. Come between 11 and 17 h to Via Roma 1 in Asti: eight wines, bread and cheese, and the \
cellar at your own pace. It costs nothing, and nobody will sell you anything.

If you would like to come, answer this message with the number of people. If the day does not \
suit you, tell me which one does.
"""

FIRST_LOOK = """\
Dear {{ given_name | friend of the estate }},

you have had each vintage of our Nebbiolo since the first, so you hear of this one before anybody \
else: it is in the bottle since Tuesday. It was a dry summer, and there is a third less of it.

I have put six bottles aside for you until the end of the month. Tell me whether you want them by \
answering this message; if not, I am glad to keep them for somebody else.
"""


@dataclass(frozen=True, slots=True)
class Words:
    """What Anna says about a campaign: why it is useful, and the answers to the three questions."""

    preheader: str
    justification: str
    would_notice: str
    would_help: str
    would_welcome: str


ABOUT_FIRST_LOOK = Words(
    preheader="Six bottles are put aside for you",
    justification="you asked to hear of each new vintage, and have had all so far.",
    would_notice="Yes: it is the wine they buy every year, named in the subject.",
    would_help="Yes: there is less of it this year, and theirs is put aside.",
    would_welcome="They asked us last year to be told first. Nobody has to buy.",
)
ABOUT_BARBERA = Words(
    preheader="Eight wines, bread and cheese",
    justification="you asked to hear when we taste, and the cellar is near you.",
    would_notice="Yes: it names the day, the wine and the place in the subject.",
    would_help="Yes: a free tasting within an hour’s drive, and no need to buy.",
    would_welcome="I asked for it at the fair, so I would be glad of it.",
)
