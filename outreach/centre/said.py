"""What the page says first, after something was done: in words, and what is true from now on."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from outreach.centre import deeds


@dataclass(frozen=True, slots=True)
class Said:
    """`title` is for the tab of the browser and for the ear, `head` begins the notice."""

    title: str
    head: str
    text: str


def said(code: str, sentence: str) -> Said | None:
    """For the word that a deed left in the address; any other word counts as "saved"."""
    if not code:
        return None
    title = pgettext("title of a page", "Saved")
    head = pgettext("the choices of a customer", "Saved.")
    if code == deeds.TOLD:
        return Said(
            title=_("Thank you"),
            head=_("Thank you."),
            text=_("A person reads what you told us. It stands below; you can take it back there."),
        )
    if code == deeds.TAKEN_BACK:
        text = _("It does not count any more.")
        return Said(title, _("Taken back."), f"{text} {sentence}")
    if code == deeds.LANGUAGE:
        return Said(title, head, _("From now on we speak to you in this language."))
    if code == deeds.KEPT:
        text = _(
            "Something was refused after you had opened this page, so it stays refused. "
            "If you would like it after all, choose it again."
        )
        return Said(title, _("Not everything was changed."), f"{text} {sentence}")
    return Said(title, head, sentence)
