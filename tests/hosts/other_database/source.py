from outreach.recipients.sources import ContactSource, SegmentField


class Buyers(ContactSource):
    model = "other_database.Buyer"
    name, opted_out = "name", "do_not_contact"
    segment_fields = {"city": SegmentField("city", "city")}
