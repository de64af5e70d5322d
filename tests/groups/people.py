"""People with a contact in the CRM, and short ways to write rules about them."""

from typing import Any

from outreach.groups.models import ContactGroup
from outreach.groups.rule import as_json
from outreach.recipients.models import ContactLink, Recipient
from outreach.recipients.sources import sources
from project.crm.models import Contact
from tests.builders import make_recipient

SOURCE = "crm.contact"


def make_person(
    name: str = "Maria Rossi", *, email: str | None = None, **contact: Any
) -> Recipient:
    """Somebody whom we know from the CRM; `contact` is what the CRM says of them."""
    person = make_recipient(email, name=name)
    link_contact(person, **contact)
    return person


def link_contact(person: Recipient, **contact: Any) -> ContactLink:
    # In bulk, which sends no signal: the test says itself whom the contact belongs to.
    [row] = Contact.objects.bulk_create([Contact(first_name=person.given_name, **contact)])
    return ContactLink.objects.create(
        source=SOURCE,
        model_label=sources()[SOURCE].model,
        contact_key=str(row.pk),
        recipient=person,
        digest="",
    )


def asks(fact: str, lookup: str, value: Any = None) -> dict[str, Any]:
    condition = {"fact": fact, "is": lookup}
    return condition if value is None else {**condition, "value": value}


def rule_that(*conditions: Any, match: str = "all") -> dict[str, Any]:
    return as_json(match, conditions)


def make_rule_group(*conditions: Any, match: str = "all", name: str = "By rule") -> ContactGroup:
    return ContactGroup.objects.create(
        name=name, kind=ContactGroup.Kind.RULE, rule=rule_that(*conditions, match=match)
    )


def break_rule(group: ContactGroup, fact: str = "contact.shoe_size") -> ContactGroup:
    """As if the fact that the rule asks about had gone since."""
    group.rule["conditions"][0]["fact"] = fact
    ContactGroup.objects.filter(pk=group.pk).update(rule=group.rule)
    group.refresh_from_db()
    return group


def in_italy() -> dict[str, Any]:
    return asks("contact.country", "equals", "IT")
