"""Where the public pages live in this host, worked out once."""

from functools import cache

from django.conf import settings
from django.core.signals import setting_changed
from django.dispatch import receiver
from django.urls import NoReverseMatch, get_script_prefix, reverse
from django.utils import translation

URLCONF = "outreach.urls"
FALLBACK = "/outreach/"


@cache
def prefix() -> str:
    """The path, from slash to slash, at which the host includes `outreach.urls`.

    A host that has only the middleware and no include gets "/outreach/". The path is below the
    script prefix, and the one of the default language where the include is in i18n_patterns.
    """
    with translation.override(settings.LANGUAGE_CODE):
        try:
            whole = reverse("outreach:preferences", args=["x"], urlconf=settings.ROOT_URLCONF)
        except NoReverseMatch:
            return FALLBACK
        tail = reverse("preferences", args=["x"], urlconf=URLCONF)
    script = get_script_prefix()
    return "/" + whole.removeprefix(script).removesuffix(tail.removeprefix(script))


def path_to(page: str, *token: str) -> str:
    """The path of one public page, below the script prefix; needs no include by the host."""
    tail = reverse(page, args=token, urlconf=URLCONF)
    return prefix() + tail.removeprefix(get_script_prefix())


@receiver(setting_changed, dispatch_uid="outreach.links.paths")
def _forget(*, setting: str, **kwargs: object) -> None:
    if setting in {"ROOT_URLCONF", "LANGUAGE_CODE"}:
        prefix.cache_clear()
