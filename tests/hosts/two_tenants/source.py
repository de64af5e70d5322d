from outreach.recipients.sources import ContactSource, SegmentField


class Customers(ContactSource):
    model = "two_tenants.Customer"
    name, opted_out, tenant = "name", "is_blocked", "firm"
    segment_fields = {"city": SegmentField("city", "city")}
