"""One page of a list of people, with what the staff need to tell them apart."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from django.core.paginator import Page
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, QueryDict

from outreach.groups.forms import SearchForm
from outreach.groups.models import ContactGroup, Membership
from outreach.groups.search import find_people
from outreach.recipients.long_lists import BoundedPaginator
from outreach.recipients.many_rows import asking_of_many
from outreach.recipients.models import Recipient, RecipientAddress

PER_PAGE = 50
MAX_TICKS = 1000


@dataclass(frozen=True, slots=True)
class Person:
    recipient: Recipient
    addresses: str
    membership: Membership | None


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """`q` is what was searched for; `url_query` is that as part of an address."""

    search: SearchForm
    q: str
    page: "Page[Recipient]"
    people: list[Person]

    @property
    def url_query(self) -> str:
        query = QueryDict(mutable=True)
        query["q"] = self.q
        return query.urlencode()

    @property
    def page_numbers(self) -> Iterator[int | str]:
        return self.page.paginator.get_elided_page_range(self.page.number)


def page_of(
    people: QuerySet[Recipient], request: HttpRequest, *, group: ContactGroup
) -> PeoplePage:
    """The page and search that the address asks for, in four queries."""
    search = SearchForm(request.GET)
    q = search.cleaned_data["q"] if search.is_valid() else ""
    ordered = find_people(people, q).order_by("name", "pk")
    paginator = BoundedPaginator(ordered, PER_PAGE)
    with asking_of_many():
        page = paginator.get_page(request.GET.get("p"))
        shown = cast("QuerySet[Recipient]", page.object_list)
        return PeoplePage(search, q, page, with_details(shown, group))


def with_details(people: QuerySet[Recipient], group: ContactGroup | None) -> list[Person]:
    """The people with their addresses and, if they were picked for the group, their membership."""
    found = people.prefetch_related(
        Prefetch(
            "held",
            RecipientAddress.objects.select_related("address").order_by("position", "pk"),
            to_attr="held_addresses",
        ),
        Prefetch("memberships", Membership.objects.filter(group=group), to_attr="held_memberships"),
    )
    return [_person(recipient) for recipient in found]


def ticked(data: QueryDict) -> list[int]:
    """The people ticked in a form; what is no id is passed over."""
    return [
        int(one)
        for one in data.getlist("people")[:MAX_TICKS]
        if one.isascii() and one.isdigit() and len(one) < 19
    ]


def _person(recipient: Recipient) -> Person:
    held: list[RecipientAddress] = getattr(recipient, "held_addresses")  # noqa: B009
    memberships: list[Membership] = getattr(recipient, "held_memberships")  # noqa: B009
    return Person(
        recipient,
        ", ".join(str(one.address) for one in held),
        memberships[0] if memberships else None,
    )
