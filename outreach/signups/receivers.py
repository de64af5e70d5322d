from outreach.signups import reported
from outreach.tracking.subjects import register


def connect() -> None:
    register(reported.METADATA_NAME, reported.take)
