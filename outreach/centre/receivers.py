from outreach.centre import data_mail, renewal_letter
from outreach.tracking.subjects import register


def connect() -> None:
    register(data_mail.METADATA_NAME, data_mail.take)
    register(renewal_letter.METADATA_NAME, renewal_letter.take)
