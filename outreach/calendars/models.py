from collections.abc import Collection
from datetime import date
from functools import reduce
from operator import or_
from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, F, Q, When
from django.utils.translation import gettext_lazy as _

from outreach.calendars.validators import (
    validate_country_code,
    validate_place,
    validate_time_zone,
)
from outreach.tenant_rows import OwnRows, Part, Root

WEEKDAY_FIELDS = (
    "is_open_monday",
    "is_open_tuesday",
    "is_open_wednesday",
    "is_open_thursday",
    "is_open_friday",
    "is_open_saturday",
    "is_open_sunday",
)


def default_time_zone() -> str:
    return settings.TIME_ZONE


class BusinessCalendars(OwnRows["BusinessCalendar"]):
    def default_for(self, tenant: str) -> "BusinessCalendar | None":
        """The calendar a tenant uses where none is named."""
        return self.filter(default_key=tenant).first()


class BusinessCalendar(Root):
    """The days on which a business answers: weekdays, less public holidays and closures (B4).

    `default_key` is the tenant on its default calendar and null on all others, so that a plain
    unique key allows one default each.
    """

    name = models.CharField(
        _("name"), max_length=120, help_text=_("For your staff. For example: Cellar in Asti.")
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        default=default_time_zone,
        validators=[validate_time_zone],
        help_text=_("Decides when a day begins and ends. For example: Europe/Rome."),
    )
    country = models.CharField(
        _("country"),
        max_length=2,
        blank=True,
        validators=[validate_country_code],
        help_text=_("Its public holidays are closed days. Leave it empty to count them as open."),
    )
    subdivision = models.CharField(
        _("region or city"),
        max_length=64,
        blank=True,
        help_text=_(
            "Only if it has holidays of its own, as its short code: "
            "BY for Bavaria in Germany, MI for Milan in Italy."
        ),
    )
    is_open_monday = models.BooleanField(_("Monday"), default=True)
    is_open_tuesday = models.BooleanField(_("Tuesday"), default=True)
    is_open_wednesday = models.BooleanField(_("Wednesday"), default=True)
    is_open_thursday = models.BooleanField(_("Thursday"), default=True)
    is_open_friday = models.BooleanField(_("Friday"), default=True)
    is_open_saturday = models.BooleanField(_("Saturday"), default=False)
    is_open_sunday = models.BooleanField(_("Sunday"), default=False)
    is_default = models.BooleanField(
        _("used by default"),
        default=False,
        editable=False,
        help_text=_(
            "Counts wherever no calendar is chosen. To change it, tick another calendar in the "
            "list and choose “Use by default”."
        ),
    )
    default_key = models.GeneratedField(
        expression=Case(When(is_default=True, then=F("tenant"))),
        output_field=models.CharField(max_length=64, null=True),
        db_persist=True,
    )

    objects: ClassVar[BusinessCalendars] = BusinessCalendars()

    class Meta:
        ordering = ["name"]
        verbose_name = _("business calendar")
        verbose_name_plural = _("business calendars")
        constraints = [
            models.UniqueConstraint(
                fields=["name", "tenant"],
                name="outreach_calendar_name",
                violation_error_message=_("There is a calendar with this name already."),
            ),
            models.UniqueConstraint(
                fields=["default_key"],
                name="outreach_calendar_one_default",
                violation_error_message=_("Another calendar is used by default already."),
            ),
            models.CheckConstraint(
                condition=reduce(or_, (Q((field, True)) for field in WEEKDAY_FIELDS)),
                name="outreach_calendar_opens",
                violation_error_message=_(
                    "Tick at least one day: with none, nobody would ever get an answer in time."
                ),
            ),
            models.CheckConstraint(
                condition=Q(subdivision="") | ~Q(country=""),
                name="outreach_calendar_subdivision_in_country",
                violation_error_message=_(
                    "Choose the country too, or leave the region or city empty."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        validate_place(self.country, self.subdivision)

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        # No form shows these two, yet what they guard has to be told in words, not by a fault.
        super().validate_constraints(exclude=set(exclude or ()) - {"tenant", "default_key"})

    @property
    def open_weekdays(self) -> frozenset[int]:
        """As in `date.weekday()`: Monday is 0."""
        return frozenset(
            weekday for weekday, field in enumerate(WEEKDAY_FIELDS) if getattr(self, field)
        )


class Closure(Part):
    """Days on which the business is closed out of turn. Both ends are closed; may overlap."""

    calendar = models.ForeignKey(
        BusinessCalendar,
        on_delete=models.CASCADE,
        related_name="closures",
        verbose_name=_("calendar"),
    )
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(
        _("last day"), blank=True, help_text=_("Leave it empty for a single day.")
    )
    reason = models.CharField(
        _("reason"), max_length=200, help_text=_("For example: summer holidays.")
    )

    class Meta:
        ordering = ["starts_on", "ends_on", "pk"]
        verbose_name = _("closure")
        verbose_name_plural = _("closures")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="outreach_closure_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return self.reason

    def clean(self) -> None:
        first: date | None = self.starts_on
        last: date | None = self.ends_on
        if first is None:
            return
        if last is None:
            self.ends_on = first
        elif last < first:
            raise ValidationError(
                {"ends_on": _("The last day is before the first. Exchange them, or mend one.")}
            )
