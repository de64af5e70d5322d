from outreach.groups.registry import register
from outreach.ledger.group_facts import message_facts


def connect() -> None:
    register(message_facts)
