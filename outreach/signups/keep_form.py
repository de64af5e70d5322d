"""The only writer of sign-up forms and of what is said in them."""

from django.db import transaction
from django.db.models import Max

from outreach.history.actor import Actor
from outreach.history.record import record
from outreach.signups.models import SignUpForm, SignUpWording


def save_form(form: SignUpForm, *, wording: str, by: Actor, note: str = "") -> None:
    """Save a form; other words than the last become a new version, the old ones stay (B7)."""
    is_new = form.pk is None
    with transaction.atomic():
        form.save()
        if is_new:
            record(form, "form.made", by=by)
        elif note:
            record(form, "form.changed", by=by, note=note)
        _say(form, wording, by=by)


def wording_of(form: SignUpForm) -> SignUpWording | None:
    """What the form says now; None before it was first saved."""
    return form.wordings.order_by("-version").first() if form.pk else None


def _say(form: SignUpForm, text: str, *, by: Actor) -> None:
    SignUpForm.objects.select_for_update().get(pk=form.pk)  # one version at a time
    current = wording_of(form)
    if current is not None and current.text == text:
        return
    last = form.wordings.aggregate(last=Max("version"))["last"] or 0
    SignUpWording.objects.create(form=form, version=last + 1, text=text, made_by=by.name)
    record(form, "form.worded", by=by, note=str(last + 1))
