from django.http import HttpRequest

from . import settings


def home(request: HttpRequest) -> dict[str, str]:
    """For every page: where the mailbox is a part of something, the way back to it."""
    return {"home_url": settings.MAILBOX_HOME_URL}
