from django.db import models


class Customer(models.Model):
    name = models.CharField(max_length=100)
    emails = models.TextField(blank=True, help_text="Several addresses, separated by commas.")
    city = models.CharField(max_length=100, default="Asti")
    blocked = models.BooleanField(null=True)

    class Meta:
        app_label = "campaigns"

    def __str__(self) -> str:
        return self.name
