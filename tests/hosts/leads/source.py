from outreach.recipients.sources import ContactSource, SegmentField


class Leads(ContactSource):
    model = "leads.Lead"
    name, opted_out = "full_name", "do_not_email"
    segment_fields = {"city": SegmentField("town", "city")}


class Contacts(ContactSource):
    model = "leads.Contact"
    name = "name"
    segment_fields = {"city": SegmentField("city", "city")}
