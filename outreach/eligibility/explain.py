"""May we write to who is reached at these addresses? Each answer whole, as a line for programs."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from outreach.eligibility.decide import Decision, decide_each, question_for
from outreach.preferences.models import Topic
from outreach.recipients.find import people_at
from outreach.recipients.models import RecipientAddress

BATCH = 200
Line = dict[str, Any]


def explain(topic: Topic, channel: str, addresses: Iterable[str]) -> Iterator[Line]:
    """A line for each person at each address, in the order given; one for an unknown address.

    `person` is their key in the admin. `here` says whether a message would go to this very
    address: a person who has several is written to at the first of the channel.
    """
    left = iter(addresses)
    while some := list(islice(left, BATCH)):
        found = people_at(set(some))
        keys = {row.recipient_id for rows in found.values() for row in rows}
        decisions = decide_each(keys, question_for(topic, channel))
        for address in some:
            rows = found.get(address, [])
            yield from (_line(address, row, decisions[row.recipient_id]) for row in rows)
            if not rows:
                yield _unknown(address)


def _line(address: str, row: RecipientAddress, decision: Decision) -> Line:
    reasons = [
        {"code": rule.code, "sentence": str(rule.sentence), "mend": str(rule.mend)}
        for rule in decision.refused_by
    ]
    return {
        "address": address,
        "found": True,
        "may": decision.is_allowed,
        "reasons": reasons,
        "person": row.recipient_id,
        "here": row.address_id == decision.address_id,
    }


def _unknown(address: str) -> Line:
    reason = {
        "code": "unknown",
        "sentence": _("is nobody whom we know"),
        "mend": _("See that the CRM has this address, and that it was read since."),
    }
    return {"address": address, "found": False, "may": False, "reasons": [reason]}
