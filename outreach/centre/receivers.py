from outreach.centre import data_mail
from outreach.tracking.subjects import register


def connect() -> None:
    register(data_mail.METADATA_NAME, data_mail.take)
