"""From rows of the CRM to our links to them, without a list of keys wherever that can be."""

from typing import Any

from django.db import router
from django.db.models import (
    BigIntegerField,
    Case,
    Exists,
    Expression,
    F,
    Field,
    IntegerField,
    OuterRef,
    QuerySet,
    UUIDField,
    When,
)
from django.db.models.functions import Cast

from outreach.recipients.keys import is_plain, key_field
from outreach.recipients.models import ContactLink
from outreach.recipients.sources import ContactSource


def links_to(source: ContactSource, rows: QuerySet[Any]) -> QuerySet[ContactLink]:
    """The links, not gone, to contacts among these `rows` of the source.

    Asked from the link to the contact by its primary key, so that a database which looks at one
    person after another finds each in an index: among many it has no memory for a list of keys,
    and would go through all of that list for each person. Rows in another database, and keys
    that it has in another form than Python, can only be listed.
    """
    links = ContactLink.objects.filter(source=source.key, gone_at__isnull=True)
    key = key_field(source.model_class())
    if not is_plain(key) or rows.db != router.db_for_read(ContactLink):
        return links.filter(contact_key__in=source.keys(rows))
    contact = rows.order_by().filter(pk=OuterRef("outreach_contact"))
    return links.alias(outreach_contact=_contact_of(source, key)).filter(Exists(contact))


def _contact_of(source: ContactSource, key: "Field[Any, Any]") -> Expression | F:
    """The primary key of the contact that a link leads to, to be compared by an index.

    A database may look at any link first, and cannot make a number of another source's key.
    """
    if isinstance(key, IntegerField):
        made: Cast = Cast("contact_key", BigIntegerField())
    elif isinstance(key, UUIDField):
        made = Cast("contact_key", UUIDField())
    else:
        return F("contact_key")
    return Case(When(source=source.key, gone_at__isnull=True, then=made))
