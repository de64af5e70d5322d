from django.db import models


class Lead(models.Model):
    full_name = models.CharField(max_length=100)
    email = models.EmailField(blank=True)
    town = models.CharField(max_length=100, default="Asti")
    do_not_email = models.BooleanField(default=False)

    class Meta:
        app_label = "leads"

    def __str__(self) -> str:
        return self.full_name


class Contact(models.Model):
    name = models.CharField(max_length=100)
    email = models.EmailField(blank=True)
    city = models.CharField(max_length=100, default="Asti")

    class Meta:
        app_label = "leads"

    def __str__(self) -> str:
        return self.name
