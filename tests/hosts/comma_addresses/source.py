from outreach.recipients.sources import ContactSource, SegmentField


class Customers(ContactSource):
    model = "campaigns.Customer"
    email, name, opted_out = "emails", "name", "blocked"
    segment_fields = {"city": SegmentField("city", "city")}
