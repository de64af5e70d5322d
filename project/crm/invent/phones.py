"""Telephone numbers that ring nowhere.

Great Britain, Ireland and the United States reserve ranges for fiction (07700 900, 01632 960,
020 91x, 555-01xx); elsewhere the prefix is one that no operator holds.
"""

from dataclasses import dataclass

from project.crm.invent.dice import Dice

WRITTEN_THE_WAY_AT_HOME = 0.2


@dataclass(frozen=True)
class Numbering:
    """Patterns with # for a digit: as dialled from abroad, and as people write it at home."""

    mobile: str
    mobile_at_home: str
    landline: str
    landline_at_home: str


NUMBERING = {
    "IT": Numbering("+39 399 000 ####", "399 000####", "+39 009 00####", "009 00####"),
    "GB": Numbering("+44 7700 900###", "07700 900###", "+44 1632 960###", "01632 960###"),
    "IE": Numbering("+353 20 911 ####", "020 911 ####", "+353 20 912 ####", "020 912 ####"),
    "US": Numbering("+1 212-555-01##", "(212) 555-01##", "+1 415-555-01##", "(415) 555-01##"),
    "ES": Numbering("+34 799 00 ## ##", "799 00 ## ##", "+34 890 00 ## ##", "890 00 ## ##"),
    "MX": Numbering("+52 100 000 ####", "100 000 ####", "+52 101 000 ####", "101 000 ####"),
    "KZ": Numbering("+7 799 000 ####", "8 799 000 ####", "+7 798 000 ####", "8 798 000 ####"),
    "LV": Numbering("+371 4000 ####", "4000 ####", "+371 4100 ####", "4100 ####"),
    "IL": Numbering("+972 6 000 ####", "06 000 ####", "+972 6 001 ####", "06 001 ####"),
    "GE": Numbering("+995 100 00 ## ##", "100 00 ## ##", "+995 110 00 ## ##", "110 00 ## ##"),
    "RU": Numbering("+7 000 000-##-##", "8 000 000-##-##", "+7 001 000-##-##", "8 001 000-##-##"),
}


def mobile(dice: Dice, country: str) -> str:
    numbering = NUMBERING[country]
    return _number(dice, numbering.mobile, numbering.mobile_at_home)


def landline(dice: Dice, country: str) -> str:
    numbering = NUMBERING[country]
    return _number(dice, numbering.landline, numbering.landline_at_home)


def _number(dice: Dice, from_abroad: str, at_home: str) -> str:
    return dice.fill(at_home if dice.chance(WRITTEN_THE_WAY_AT_HOME) else from_abroad)
