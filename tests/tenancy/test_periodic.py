from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from outreach.periodic import Periodic
from outreach.tenancy import current_tenant
from outreach.workplace.models import Heartbeat

pytestmark = pytest.mark.django_db

turns: list[str] = []


def note_whose_turn() -> int:
    turns.append(current_tenant())
    if current_tenant() == "north":
        raise RuntimeError("the north is broken")
    return 3


def test_each_tenant_has_its_turn_though_one_fails() -> None:
    turns.clear()
    part = Periodic(name="tracking", path=f"{__name__}.note_whose_turn", every=timedelta(minutes=1))
    with pytest.raises(RuntimeError, match="the north is broken"):
        part.run()
    assert turns == ["north", "south"]
    assert Heartbeat.objects.get(name="tracking").error == "RuntimeError"


def test_the_doctor_examines_each_tenant() -> None:
    said = StringIO()
    call_command("outreach_doctor", stdout=said)
    assert [line for line in said.getvalue().splitlines() if line.endswith(":")] == [
        "north:",
        "south:",
    ]
