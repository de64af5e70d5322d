"""The customers of Cantina Rossi: companies, the people to talk to, and what they ordered."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from project.crm.countries import country_choices
from project.crm.time_zones import validate_time_zone


class PostalAddress(models.Model):
    street = models.CharField("street and number", max_length=200, blank=True)
    postcode = models.CharField(max_length=20, blank=True)
    city = models.CharField(max_length=100, blank=True)
    region = models.CharField("province or region", max_length=100, blank=True)
    country = models.CharField(max_length=2, blank=True, choices=country_choices)

    class Meta:
        abstract = True


class Company(PostalAddress):
    class Kind(models.TextChoices):
        RESTAURANT = "restaurant", "Restaurant"
        WINE_SHOP = "wine_shop", "Wine shop"
        IMPORTER = "importer", "Importer"
        HOTEL = "hotel", "Hotel"
        OTHER = "other", "Other"

    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.OTHER)
    vat_number = models.CharField("VAT number", max_length=20, blank=True)
    website = models.URLField(blank=True)
    created_at = models.DateTimeField("added", auto_now_add=True)

    class Meta:
        verbose_name_plural = "companies"
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="crm_company_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Contact(PostalAddress):
    class Language(models.TextChoices):
        ITALIAN = "it", "Italian"
        SPANISH = "es", "Spanish"
        RUSSIAN = "ru", "Russian"
        ENGLISH = "en", "English"

    company = models.ForeignKey(
        Company, on_delete=models.SET_NULL, null=True, blank=True, related_name="contacts"
    )
    first_name = models.CharField(max_length=200, blank=True)
    last_name = models.CharField(max_length=200, blank=True)
    # Not an EmailField, and not unique: families share an address, and old records hold
    # addresses with slips in them that must still be shown and corrected.
    email = models.CharField("e-mail", max_length=254, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    mobile = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=2, choices=Language, default=Language.ITALIAN)
    time_zone = models.CharField(
        max_length=64,
        blank=True,
        validators=[validate_time_zone],
        help_text="Where they live, as in Europe/Rome.",
    )
    birthday = models.DateField(null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="owned_contacts",
        limit_choices_to={"is_staff": True},
        help_text="The colleague who knows this person.",
    )
    do_not_contact = models.BooleanField("asked not to be contacted", default=False)
    customer_since = models.DateField(null=True, blank=True)
    notes = models.TextField(blank=True)
    created_at = models.DateTimeField("added", auto_now_add=True)
    updated_at = models.DateTimeField("last changed", auto_now=True)

    class Meta:
        indexes = [
            models.Index(fields=["email"], name="crm_contact_email"),
            models.Index(fields=["last_name", "first_name"], name="crm_contact_name"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(language__in=["it", "es", "ru", "en"]),
                name="crm_contact_known_language",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name or self.email or "Somebody without a name"

    @property
    def full_name(self) -> str:
        """The name as it was given: never cut, never turned round."""
        return " ".join(part for part in (self.first_name, self.last_name) if part)


class Order(models.Model):
    class Status(models.TextChoices):
        PLACED = "placed", "Placed"
        PAID = "paid", "Paid"
        SHIPPED = "shipped", "Shipped"
        DELIVERED = "delivered", "Delivered"
        CANCELLED = "cancelled", "Cancelled"
        RETURNED = "returned", "Returned"

    NOT_SOLD = (Status.CANCELLED, Status.RETURNED)

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="orders")
    number = models.CharField(max_length=20, unique=True)
    ordered_on = models.DateField("ordered on")
    status = models.CharField(max_length=20, choices=Status, default=Status.PLACED)
    total = models.DecimalField("total in euros", max_digits=10, decimal_places=2)

    class Meta:
        ordering = ["-ordered_on", "-number"]
        indexes = [
            models.Index(fields=["contact", "ordered_on"], name="crm_order_of_contact"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(total__gte=0), name="crm_order_total_not_negative"),
        ]

    def __str__(self) -> str:
        return f"Order {self.number}"
