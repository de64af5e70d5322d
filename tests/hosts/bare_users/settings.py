"""Users without a name, a staff flag or a last login; staff work on outreach's own site."""

from tests.hosts.plain import *  # noqa: F403
from tests.hosts.plain import INSTALLED_APPS, OUTREACH

INSTALLED_APPS = [*INSTALLED_APPS, "tests.hosts.bare_users"]
AUTH_USER_MODEL = "bare_users.Account"
ROOT_URLCONF = "tests.hosts.bare_users.urls"
DEFAULT_AUTO_FIELD = "django.db.models.SmallAutoField"
USE_I18N = False
APPEND_SLASH = False
OUTREACH = {
    **OUTREACH,
    "CONTACT_SOURCES": ["tests.hosts.bare_users.source.Regulars"],
    "ADMIN_SITES": ["outreach.admin.site"],
}
