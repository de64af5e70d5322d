"""Settings of the mailbox alone, all from environment variables (see `__main__`)."""

import os
import secrets
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent.parent

SECRET_KEY = os.environ.get("MAILBOX_SECRET_KEY") or secrets.token_urlsafe(48)
DEBUG = False
# Names of this machine only, so that a foreign page cannot reach us through its own DNS name.
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]

MAILBOX_DB = Path(os.environ.get("MAILBOX_DB") or BASE_DIR / ".demo" / "mailbox.sqlite3")
MAILBOX_SERVER_TOKEN = os.environ.get("MAILBOX_SERVER_TOKEN") or secrets.token_urlsafe(24)
# Where webhooks go, as http://user:password@host/path; empty means nobody has asked for them.
MAILBOX_TRACKING_URL = os.environ.get("MAILBOX_TRACKING_URL", "")
MAILBOX_INBOUND_URL = os.environ.get("MAILBOX_INBOUND_URL", "")
MAILBOX_HOME_URL = os.environ.get("MAILBOX_HOME_URL", "")

INSTALLED_APPS = ["project.mailbox"]
ROOT_URLCONF = "project.mailbox.urls"
MIDDLEWARE = [
    "project.mailbox.middleware.ContentSecurityPolicy",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "project.mailbox.home.home",
            ]
        },
    }
]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": MAILBOX_DB,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }
}

# Cookies do not know ports: names of our own keep clear of the site beside us on this host.
CSRF_COOKIE_NAME = "mailbox_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
SECURE_REFERRER_POLICY = "same-origin"

DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
LANGUAGE_CODE = "en"
TIME_ZONE = os.environ.get("MAILBOX_TIME_ZONE") or "UTC"
USE_TZ = True
USE_I18N = False

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "ERROR"},
}
