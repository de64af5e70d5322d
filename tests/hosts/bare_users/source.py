from outreach.recipients.sources import ContactSource, SegmentField


class Regulars(ContactSource):
    model = "bare_users.Regular"
    email, name, opted_in = "answers__emails", "answers__name", "wants_mail"
    segment_fields = {"city": SegmentField("city", "city")}
