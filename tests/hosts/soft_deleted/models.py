from django.db import models


class Living(models.Manager["Party"]):
    def get_queryset(self) -> models.QuerySet["Party"]:
        return super().get_queryset().filter(is_deleted=False)


class Party(models.Model):
    """People and companies alike; nothing is ever deleted for good."""

    name = models.CharField(max_length=100)
    city = models.CharField(max_length=100, default="Asti")
    is_deleted = models.BooleanField(default=False)

    objects = Living()
    everything: models.Manager["Party"] = models.Manager()

    class Meta:
        app_label = "core"

    def __str__(self) -> str:
        return self.name


class Person(Party):
    email = models.EmailField(blank=True)
    no_marketing = models.BooleanField(default=False)

    class Meta:
        app_label = "core"
