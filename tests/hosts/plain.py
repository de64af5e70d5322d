"""The settings that a small host begins with; each host adds what makes it awkward."""

import os
from typing import Any

import dj_database_url

SECRET_KEY = "only-for-tests-of-hosts-0123456789-abcdefghijklmnopqrstuvwxyz"
ALLOWED_HOSTS = ["testserver"]
USE_TZ = True
TIME_ZONE = "Europe/Rome"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
STATIC_URL = "static/"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

DATABASES: dict[str, Any] = {
    "default": dj_database_url.parse(os.environ.get("HOST_DATABASE_URL", "sqlite://:memory:"))
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {"transaction_mode": "IMMEDIATE"}

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "anymail",
    "import_export",
    "outreach",
]
MIDDLEWARE = [
    "outreach.middleware.PublicPages",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
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
ROOT_URLCONF = "tests.hosts.plain_urls"

EMAIL_BACKEND = "tests.hosts.mail.HostMail"
ANYMAIL = {"WEBHOOK_SECRET": "user:only-for-tests"}
OUTREACH: dict[str, Any] = {
    "BASE_URL": "https://crm.example.com",
    "KEYS": {"test": "only-for-tests-of-hosts-6f1d0c5be0a94d35b5f2"},
    "PEPPER": "only-for-tests-of-hosts-3c1f2ab1a8e04a0f9c77",
    "MAILER": "tests.hosts.mail.OurMail",
    "COMPANY_NAME": "Cantina Rossi",
    "POSTAL_ADDRESS": "Cantina Rossi, Via Roma 1, 14100 Asti AT, Italy",
    "FROM_EMAIL": "news@cantina-rossi.example",
    "REPLY_DOMAIN": "reply.cantina-rossi.example",
    "LIST_DOMAIN": "cantina-rossi.example",
    "CAP_MESSAGES": 9,  # two campaigns in one test
}
