"""“That is not so”: what we got wrong about a person, in their words, put right at once (D4)."""

from uuid import UUID

from outreach.centre.form import BadForm
from outreach.centre.link import Link, link_of
from outreach.centre.stop import stop_topic
from outreach.centre.written import messages_to
from outreach.exceptions import Conflict
from outreach.groups import exclude as exclusions
from outreach.groups.belonging import groups_of
from outreach.groups.models import ContactGroup
from outreach.history.actor import CUSTOMER
from outreach.preferences.models import Source


def no_more(link: Link, key: str, *, said: str = "") -> None:
    """Withdraw the topic of a message that went to the same person at the same address.

    Raises BadForm for any other key.
    """
    stop_topic(_message(link, key), source=Source.PREFERENCE_PAGE, said=said)


def not_in_group(link: Link, group_key: str, *, said: str = "") -> None:
    """Keep the person out of a group they are in. Raises BadForm for any other group."""
    for each in groups_of(link.recipient):
        if str(each.group.pk) == group_key:
            exclusions.exclude(each.group, link.recipient, by=CUSTOMER, said=said)
            return
    raise BadForm


def in_again(link: Link, group_key: str) -> None:
    """Take back what the person said of a group. Raises BadForm for one they said nothing of."""
    for group in ContactGroup.objects.filter(exclusions__recipient=link.recipient):
        if str(group.pk) == group_key:
            try:
                exclusions.take_back(group, link.recipient, by=CUSTOMER)
            except Conflict:
                return  # pressed twice
            return
    raise BadForm


def _message(link: Link, key: str) -> Link:
    try:
        attempt = (
            messages_to(link)
            .select_related("delivery__run__campaign__topic", "delivery__run__campaign__sender")
            .filter(key=UUID(key))
            .first()
        )
    except ValueError:
        attempt = None
    if attempt is None:
        raise BadForm
    return link_of(attempt, link.recipient, link.address)
