"""What came of a form, by month: who asked, who confirmed, who let it be. Nobody is watched."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.db.models.functions import TruncMonth
from django.utils import timezone

from outreach.recipients.panels import Viewer
from outreach.signups.models import SignUp, SignUpForm

State = SignUp.State
MONTHS = 13


@dataclass(frozen=True, slots=True)
class Figure:
    number: int
    url: str


@dataclass(frozen=True, slots=True)
class Month:
    """One line; `month` is None in the sum of all."""

    month: date | None
    asked: Figure
    confirmed: Figure
    expired: Figure
    rate: int | None


def months_of(form: SignUpForm, viewer: Viewer) -> list[Month]:
    """The latest months in which somebody asked, newest first, and the sum of all first of all."""
    rows = SignUp.objects.filter(form=form)
    counts = {
        "asked": Count("pk"),
        "confirmed": Count("pk", filter=Q(state=State.CONFIRMED)),
        "expired": Count("pk", filter=Q(state=State.EXPIRED)),
    }
    by_month = rows.order_by().annotate(month=TruncMonth("asked_at")).values("month")
    found = by_month.annotate(**counts).order_by("-month")[:MONTHS]
    total = rows.aggregate(**counts)
    if not total["asked"]:
        return []
    return [_line(form, None, total, viewer), *(_line(form, m["month"], m, viewer) for m in found)]


def _line(
    form: SignUpForm, month: datetime | None, counts: Mapping[str, Any], viewer: Viewer
) -> Month:
    listed = viewer.list_of(SignUp)
    when = _span(month) if month else {}

    def figure(name: str, **more: str) -> Figure:
        query = urlencode({"form__id__exact": form.pk, **when, **more})
        return Figure(counts[name], f"{listed}?{query}" if listed else "")

    settled = counts["confirmed"] + counts["expired"]
    return Month(
        month.date() if month else None,
        figure("asked"),
        figure("confirmed", state__exact=State.CONFIRMED),
        figure("expired", state__exact=State.EXPIRED),
        round(100 * counts["confirmed"] / settled) if settled else None,
    )


def _span(month: datetime) -> dict[str, str]:
    """From the first of a month up to the first of the next, by the clock of this office."""
    first = timezone.localtime(month).date().replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    return {
        "asked_at__gte": _midnight(first).isoformat(),
        "asked_at__lt": _midnight(following).isoformat(),
    }


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
