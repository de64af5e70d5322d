from outreach.recipients.sources import ContactSource, SegmentField


class Contacts(ContactSource):
    model = "contacts.Contact"
    name, opted_out = "name", "do_not_contact"
    segment_fields = {"city": SegmentField("city", "city")}
