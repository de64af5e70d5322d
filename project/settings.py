"""The demo: a small CRM with outreach added. The secrets are for trying out on one machine."""

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import dj_database_url

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("DEMO_DATA", BASE_DIR / ".demo"))
PORT = os.environ.get("DEMO_PORT", "8000")
MAILBOX_PORT = os.environ.get("DEMO_MAILBOX_PORT", "8026")
IS_DEMO = True
DATA_DIR.mkdir(parents=True, exist_ok=True)

SECRET_KEY = os.environ.get(
    "DJANGO_SECRET_KEY", "only-for-the-demo-on-one-machine-0123456789-abcdefgh"
)
DEBUG = os.environ.get("DJANGO_DEBUG", "0") == "1"
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver", "[::1]"]

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "anymail",
    "import_export",
    # Not every Django has a django-celery-beat that allows it; without it beat is a plain one.
    *(["django_celery_beat"] if find_spec("django_celery_beat") else []),
    "outreach",
    "project.crm",
    "project.start",
]

MIDDLEWARE = [
    "outreach.middleware.PublicPages",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "project.urls"
WSGI_APPLICATION = "project.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {
    "default": dj_database_url.config(
        default=f"sqlite:///{DATA_DIR / 'demo.sqlite3'}", conn_max_age=60
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Without these, writers that meet get "database is locked"; the cache and the length of the log
    # are for writing many rows at once (see docs/embedding.md).
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
            "PRAGMA cache_size=-8000; PRAGMA wal_autocheckpoint=8000;"
        ),
    }

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# An estate in Asti writes dates and times as Europeans do, in English too.
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English"), ("it", "Italiano"), ("es", "Español"), ("ru", "Русский")]
FORMAT_MODULE_PATH = ["project.formats"]
TIME_ZONE = "Europe/Rome"
USE_TZ = True

STATIC_URL = "static/"
MEDIA_URL = "media/"
MEDIA_ROOT = DATA_DIR / "media"
WHITENOISE_USE_FINDERS = True
LOGIN_URL = "admin:login"

CELERY_BROKER_URL = os.environ.get("CELERY_BROKER_URL", "wake-up://localhost")
if CELERY_BROKER_URL.startswith("wake-up"):
    # A wake-up call and no more: the work itself is claimed from the database.
    WAKE_UP = DATA_DIR / "wake-up"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(WAKE_UP),
        "data_folder_out": str(WAKE_UP),
        "control_folder": str(DATA_DIR / "control"),
        "polling_interval": 0.1,
    }

ANYMAIL = {
    "WEBHOOK_SECRET": os.environ.get("DEMO_WEBHOOK_SECRET", "outreach:only-for-the-demo"),
}

OUTREACH: dict[str, Any] = {
    "CONTACT_SOURCES": ["project.crm.contact_source.CrmContacts"],
    "BASE_URL": os.environ.get("DEMO_BASE_URL", f"http://127.0.0.1:{PORT}"),
    "KEYS": {"demo": "only-for-the-demo-6f1d0c5be0a94d35b5f2"},
    "PEPPER": "only-for-the-demo-3c1f2ab1a8e04a0f9c77",
    # A real provider is a change of these lines: another backend of Anymail with its own options.
    "MAILER": {
        "BACKEND": "anymail.backends.postmark.EmailBackend",
        "OPTIONS": {
            "server_token": os.environ.get("DEMO_SERVER_TOKEN", "only-for-the-demo"),
            "api_url": f"http://127.0.0.1:{MAILBOX_PORT}/postmark/",
        },
    },
    "COMPANY_NAME": "Cantina Rossi",
    "POSTAL_ADDRESS": "Cantina Rossi, Via Roma 1, 14100 Asti AT, Italy",
    "FROM_EMAIL": "news@cantina-rossi.example",
    "REPLY_DOMAIN": "reply.cantina-rossi.example",
    "LIST_DOMAIN": "cantina-rossi.example",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "WARNING")},
}
