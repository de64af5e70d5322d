from django.conf import settings
from django.http import HttpRequest


def home(request: HttpRequest) -> dict[str, str]:
    """For every page: where the mailbox is a part of something, the way back to it."""
    return {"home_url": settings.MAILBOX_HOME_URL}
