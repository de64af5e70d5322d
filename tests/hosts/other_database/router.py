from typing import Any

from django.db.models import Model

OURS = "other_database"


class Router:
    def db_for_read(self, model: type[Model], **hints: Any) -> str | None:
        return "crm" if model._meta.app_label == OURS else None

    db_for_write = db_for_read

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return (db == "crm") == (app_label == OURS)
