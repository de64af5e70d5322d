"""The demo's settings, as the tests want them: quick, and with nothing outside the process.

pytest-django reads the settings before it reads conftest.py, so what has to be in place before
Django is set up is here.
"""

import os
import zlib
from pathlib import Path

# Read by project.settings; tests of a real broker start processes with one of their own.
os.environ["CELERY_BROKER_URL"] = "memory://"

from project.settings import *  # noqa: F403
from project.settings import DATABASES, LANGUAGES, MIDDLEWARE, OUTREACH, TEMPLATES

if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    # One name for each checkout, as two on one server would drop each other's; who runs the tests
    # twice at once in one checkout names another.
    checkout = zlib.crc32(str(Path(__file__).resolve()).encode())
    name = os.environ.get("OUTREACH_TEST_DATABASE", f"test_outreach_{checkout:08x}")
    DATABASES["default"]["TEST"] = {"NAME": name}
DATABASES["default"]["CONN_MAX_AGE"] = 0

# Dates and times as Django writes them where nothing else is said.
LANGUAGE_CODE = "en"
LANGUAGES = [(code.partition("-")[0], name) for code, name in LANGUAGES]

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MIDDLEWARE = [each for each in MIDDLEWARE if not each.startswith("whitenoise.")]

# The app's own pages, as a host has them before it changes any.
TEMPLATES = [{**TEMPLATES[0], "DIRS": []}]

# A wake-up call gets lost in memory, at once and without a second try.
CELERY_BROKER_TRANSPORT_OPTIONS = {"polling_interval": 0.01}
CELERY_TASK_PUBLISH_RETRY = False

OUTREACH = {**OUTREACH, "MAILER": "anymail.backends.test.EmailBackend"}
