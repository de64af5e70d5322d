from django.db import models


class Client(models.Model):
    name = models.CharField(max_length=100)
    city = models.CharField(max_length=100, default="Asti")
    unsubscribed_on = models.DateField(null=True)

    class Meta:
        app_label = "address_table"

    def __str__(self) -> str:
        return self.name


class ClientAddress(models.Model):
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="addresses")
    value = models.CharField(max_length=254)

    class Meta:
        app_label = "address_table"

    def __str__(self) -> str:
        return self.value
