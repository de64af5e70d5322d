from outreach.recipients.sources import ContactSource


class Users(ContactSource):
    model = "auth.User"
