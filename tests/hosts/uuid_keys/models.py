from uuid import uuid4

from django.db import models


class Contact(models.Model):
    """Keys are UUIDs, and no two contacts may have the same address."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    name = models.CharField(max_length=100)
    email = models.EmailField(unique=True)
    city = models.CharField(max_length=100, default="Asti")
    do_not_contact = models.BooleanField(default=False)

    class Meta:
        app_label = "contacts"

    def __str__(self) -> str:
        return self.name
