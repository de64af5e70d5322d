"""What colleagues jot down about people."""

from datetime import date

from project.crm.invent.dice import Dice
from project.crm.invent.rows import ContactRow

ABOUT_ANYONE = [
    "Met at the autumn fair in Alba. Likes Barbera.",
    "Came to the cellar with friends, asked about the next tasting.",
    "Prefers whites; finds Nebbiolo too austere.",
    "Wants the bottles in a gift box at Christmas.",
    "Please ring before delivering, the bell does not work.",
    "Reads the printed price list, not the website.",
    "Allergic to nuts: mind the snacks at tastings.",
    "Collects magnums of the 2016 Barbera.",
    "Speaks some Italian, writes in English.",
    "Would like to bring a group of eight in spring.",
    "Orders for the whole family, pays by bank transfer.",
    "Asked for the sulphite figures of the Moscato; sent.",
]
ABOUT_TRADE = [
    "Changes the wine list in March and October.",
    "Wants to taste before every order. Tuesdays only.",
    "Pays at 60 days, always on time.",
    "New chef since the summer, looking for wines by the glass.",
    "Needs the export papers one week ahead.",
    "Closed on Mondays, best reached before noon.",
]
# Said by phone, at the counter, on paper: what a host's flag usually rests on.
ASKED_FOR_SILENCE = [
    "Asked on the phone on {day} not to be written to any more.",
    "Asked in the shop on {day} to be taken off all lists.",
    "Sent the letter back on {day}: no more post, no more e-mail.",
]


def jot_notes(dice: Dice, contacts: list[ContactRow]) -> None:
    for contact in contacts:
        if dice.chance(0.16):
            contact.notes = dice.pick(ABOUT_TRADE if contact.company else ABOUT_ANYONE)


def note_of_silence(dice: Dice, day: date) -> str:
    return dice.pick(ASKED_FOR_SILENCE).format(day=f"{day.day} {day:%B %Y}")
