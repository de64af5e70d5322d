from django.db import models


class Buyer(models.Model):
    """Known by a code that somebody once made up."""

    code = models.CharField(max_length=100, primary_key=True)
    name = models.CharField(max_length=100)
    email = models.EmailField(blank=True)
    city = models.CharField(max_length=100, default="Asti")
    do_not_contact = models.BooleanField(default=False)

    class Meta:
        app_label = "other_database"

    def __str__(self) -> str:
        return self.name
