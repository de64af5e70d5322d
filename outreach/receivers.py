"""Index of all signal receivers. Each only nudges: the periodic sweeps are the truth."""

from importlib import import_module

ROOMS = (
    "history",
    "recipients",
    "preferences",
    "ledger",
    "approvals",
    "dispatch",
    "tracking",
    "conversations",
    "sla",
    "signups",
    "centre",
)

HOLDING = (
    "recipients",
    "preferences",
    "groups",
    "ledger",
    "tracking",
    "conversations",
    "sla",
    "signups",
    "centre",
)
"""The rooms that hold something of people, and say what (B12)."""


def connect_all() -> None:
    """Connect the receivers of every room that has some. Called once the apps are ready."""
    for room in ROOMS:
        import_module(f"outreach.{room}.receivers").connect()
    for room in HOLDING:
        import_module(f"outreach.{room}.holdings").register_holdings()
