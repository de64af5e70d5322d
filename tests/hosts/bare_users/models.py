from typing import Any
from uuid import uuid4

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models


class Account(AbstractBaseUser):
    """Whoever works here. Roles are looked after elsewhere."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    login = models.CharField(max_length=50, unique=True)

    USERNAME_FIELD = "login"
    objects = BaseUserManager()

    class Meta:
        app_label = "bare_users"

    def __str__(self) -> str:
        return self.login

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return True

    def has_perms(self, perms: Any, obj: Any = None) -> bool:
        return True

    def has_module_perms(self, app_label: str) -> bool:
        return True


class Guest(models.Model):
    """Known by place and number together, with all that a form asked for in one column."""

    pk = models.CompositePrimaryKey("place", "number")
    place = models.CharField(max_length=40)
    number = models.BigIntegerField()
    answers = models.JSONField(default=dict)
    city = models.CharField(max_length=100, default="Asti")
    wants_mail = models.BooleanField(default=True)

    class Meta:
        app_label = "bare_users"

    def __str__(self) -> str:
        return f"{self.place} {self.number}"


class Nobody(models.Manager["Guest"]):
    def get_queryset(self) -> models.QuerySet["Guest"]:
        return super().get_queryset().none()


class Regular(Guest):
    """A proxy, by which other parts of the CRM see the same rows."""

    objects = Nobody()

    class Meta:
        app_label = "bare_users"
        proxy = True
