"""All that this CRM says to outreach: where its people are and what groups may be built on."""

from outreach.recipients.sources import ContactSource, SegmentField, SignedUp
from project.crm.countries import country_choices
from project.crm.models import Contact

ORDERED = {
    "equals": "who ordered on %(value)s",
    "before": "who ordered before %(value)s",
    "after": "who ordered after %(value)s",
    "in_last": "who ordered in the last %(value)s days",
    "not_in_last": "who placed no order in the last %(value)s days",
    "longer_ago": "with an order more than %(value)s days ago",
    "filled": "who have ordered",
    "empty": "who never ordered",
}


class CrmContacts(ContactSource):
    model = "crm.Contact"
    given_name = "first_name"
    family_name = "last_name"
    company = "company__name"
    language = "language"
    time_zone = "time_zone"
    country = "country"
    customer = "customer_since"
    last_order = "orders__ordered_on"
    opted_out = "do_not_contact"
    segment_fields = {
        "country": SegmentField("country", "country", "choice", tuple(country_choices())),
        "city": SegmentField("city", "city"),
        "region": SegmentField("region", "province or region"),
        "language": SegmentField(
            "language", "language in the CRM", "choice", tuple(Contact.Language.choices)
        ),
        "company_kind": SegmentField(
            "company__kind",
            "kind of company",
            "choice",
            (("restaurant", "Restaurant"), ("wine_shop", "Wine shop"), ("hotel", "Hotel")),
        ),
        "customer_since": SegmentField("customer_since", "customer since", "date"),
        "last_order": SegmentField("orders__ordered_on", "date of an order", "date", (), ORDERED),
    }

    def create_contact(self, sign_up: SignedUp) -> object | None:
        """Whoever signed up and confirmed stands in the CRM from then on."""
        if len(sign_up.email) > 254:  # more than the column holds
            return None
        known = sign_up.language in Contact.Language.values
        contact = Contact.objects.create(
            first_name=sign_up.given_name,
            last_name=sign_up.family_name,
            email=sign_up.email,
            language=sign_up.language if known else Contact.Language.ENGLISH,
            notes=f"Signed up: {sign_up.how}",
        )
        return contact.pk
