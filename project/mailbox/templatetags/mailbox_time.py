from datetime import datetime, timedelta

from django import template
from django.utils import timezone

register = template.Library()


@register.filter
def when(instant: datetime) -> str:
    """An instant as a person says it: "today at 16:20", "3 May at 09:00"."""
    local = timezone.localtime(instant)
    today = timezone.localdate()
    if local.date() == today:
        return f"today at {local:%H:%M}"
    if local.date() == today - timedelta(days=1):
        return f"yesterday at {local:%H:%M}"
    year = "" if local.year == today.year else f" {local.year}"
    return f"{local.day} {local:%B}{year} at {local:%H:%M}"


@register.filter
def exactly(instant: datetime) -> str:
    """The exact local time with its zone, for the title of an element."""
    return f"{timezone.localtime(instant):%A %d %B %Y, %H:%M:%S %Z}"
