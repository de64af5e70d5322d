from django.db.models import Exists, OuterRef, Q, QuerySet

from outreach.recipients.models import Recipient, RecipientAddress

MAX_WORDS = 6


def find_people(people: QuerySet[Recipient], words: str) -> QuerySet[Recipient]:
    """Those in whose name, company or addresses each of the words is found."""
    for word in words.split()[:MAX_WORDS]:
        held = RecipientAddress.objects.filter(
            recipient=OuterRef("pk"), address__value__icontains=word
        )
        people = people.filter(Q(name__icontains=word) | Q(company__icontains=word) | Exists(held))
    return people
