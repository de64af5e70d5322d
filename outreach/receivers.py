"""Index of all signal receivers. Each only nudges: the periodic sweeps are the truth."""

from importlib import import_module

ROOMS = (
    "recipients",
    "preferences",
    "ledger",
    "approvals",
    "dispatch",
    "tracking",
    "conversations",
    "sla",
)


def connect_all() -> None:
    """Connect the receivers of every room that has some. Called once the apps are ready."""
    for room in ROOMS:
        import_module(f"outreach.{room}.receivers").connect()
