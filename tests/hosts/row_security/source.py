from outreach.recipients.sources import ContactSource, SegmentField


class Customers(ContactSource):
    """Whose they are need not be said: the database shows no others."""

    model = "two_tenants.Customer"
    name, opted_out = "name", "is_blocked"
    segment_fields = {"city": SegmentField("city", "city")}
