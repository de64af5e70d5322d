"""All that this CRM says to outreach: where its people are and what groups may be built on."""

from outreach.recipients.sources import ContactSource, SegmentField
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
