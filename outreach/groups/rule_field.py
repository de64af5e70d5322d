import json
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


class RuleField(models.JSONField):
    """A rule as JSON. Whichever way it is written, nothing too deep or too long gets in.

    Whether it asks what can be asked is checked by `ContactGroup.save`.
    """

    def get_db_prep_value(
        self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False
    ) -> Any:
        """Raises ValidationError."""
        # Here, since rules know facts, and facts know groups.
        from outreach.groups.rule import check_size

        check_size(value)
        return super().get_db_prep_value(value, connection, prepared)

    def from_db_value(self, value: Any, expression: Any, connection: BaseDatabaseWrapper) -> Any:
        """What was written past us and cannot be parsed is a broken rule, and no crash."""
        try:
            return super().from_db_value(value, expression, connection)
        except (RecursionError, json.JSONDecodeError):
            return None

    def deconstruct(self) -> Any:
        """A plain JSONField to migrations, which then do not depend on this module."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs
