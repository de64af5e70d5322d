from typing import Any

from django.db.models import QuerySet

from outreach.recipients.sources import ContactSource, SegmentField


class Members(ContactSource):
    model = "members.Member"
    name, opted_out = "called", "wants_no_mail"
    segment_fields = {"city": SegmentField("city", "city")}

    def queryset(self) -> QuerySet[Any]:
        """Customers only; staff are users as well."""
        return super().queryset().filter(is_staff=False)
