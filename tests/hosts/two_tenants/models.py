from django.conf import settings
from django.db import models


class Firm(models.Model):
    """A tenant: one business that works here, of several."""

    name = models.CharField(max_length=100)

    class Meta:
        app_label = "two_tenants"

    def __str__(self) -> str:
        return self.name


class Employee(models.Model):
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    firm = models.ForeignKey(Firm, on_delete=models.CASCADE)

    class Meta:
        app_label = "two_tenants"

    def __str__(self) -> str:
        return f"{self.user} of {self.firm}"


class Customer(models.Model):
    firm = models.ForeignKey(Firm, on_delete=models.CASCADE)
    name = models.CharField(max_length=100)
    email = models.EmailField(blank=True)
    city = models.CharField(max_length=100, default="Asti")
    is_blocked = models.BooleanField(default=False)

    class Meta:
        app_label = "two_tenants"

    def __str__(self) -> str:
        return self.name
