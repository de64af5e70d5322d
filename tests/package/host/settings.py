"""The smallest host: Django's admin, its users as the people, and outreach without any extra."""

from pathlib import Path

SECRET_KEY = "only-for-this-test"
ALLOWED_HOSTS = ["testserver"]
ROOT_URLCONF = "host.urls"
USE_TZ = True
STATIC_URL = "static/"
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
    "django.contrib.sessions.middleware.SessionMiddleware",
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
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": Path(__file__).with_name("host.sqlite3"),
        "OPTIONS": {"transaction_mode": "IMMEDIATE"},
    }
}
ANYMAIL = {"WEBHOOK_SECRET": "user:only-for-this-test"}
OUTREACH = {
    "CONTACT_SOURCES": ["host.contact_source.Users"],
    "BASE_URL": "https://crm.example.com",
    "KEYS": {"2026": "only-for-this-test"},
    "PEPPER": "only-for-this-test",
    "MAILER": "django.core.mail.backends.locmem.EmailBackend",
    "COMPANY_NAME": "Cantina Rossi",
    "POSTAL_ADDRESS": "Cantina Rossi, Via Roma 1, 14100 Asti AT, Italy",
    "FROM_EMAIL": "news@example.com",
    "REPLY_DOMAIN": "reply.example.com",
    "LIST_DOMAIN": "example.com",
}
