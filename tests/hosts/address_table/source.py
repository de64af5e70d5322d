from outreach.recipients.sources import ContactSource, SegmentField


class Clients(ContactSource):
    model = "address_table.Client"
    email, name, opted_out = "addresses__value", "name", "unsubscribed_on"
    segment_fields = {"city": SegmentField("city", "city")}
