from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models


class Member(AbstractBaseUser, PermissionsMixin):
    """Everybody logs in: staff and customers are rows of one table, with one name and no more."""

    email = models.EmailField(unique=True, null=True)  # noqa: DJ001  (as some have it)
    called = models.CharField(max_length=100)
    city = models.CharField(max_length=100, default="Asti")
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    wants_no_mail = models.BooleanField(default=False)

    USERNAME_FIELD = "email"
    objects = BaseUserManager()

    class Meta:
        app_label = "members"

    def __str__(self) -> str:
        return self.called
