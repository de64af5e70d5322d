from typing import Any

from django.db.models import QuerySet

from outreach.recipients.sources import ContactSource, SegmentField


class People(ContactSource):
    model = "core.Person"
    name, opted_out = "name", "no_marketing"
    segment_fields = {"city": SegmentField("city", "city")}

    def queryset(self) -> QuerySet[Any]:
        return super().queryset().filter(is_deleted=False)
