"""Every row of ours is somebody's: no table can be forgotten where a host has tenants."""

import pytest
from django.apps import apps
from django.db.models import Model

from outreach.tenant_rows import OwnRows, Part, Root, key_up
from outreach.workplace.models import Heartbeat

OF_NOBODY = {
    Heartbeat: "says when the periodic work ran; it runs for all tenants, and holds nothing else",
}
MODELS = [model for model in apps.get_app_config("outreach").get_models() if model not in OF_NOBODY]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: str(model.__name__))
def test_every_row_has_a_tenant_or_belongs_to_one_that_has(model: type[Model]) -> None:
    assert issubclass(model, Root | Part), "Make it a Root or a Part of outreach.tenant_rows."
    key_up(model)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: str(model.__name__))
def test_every_list_of_rows_is_that_of_the_tenant_under_way(model: type[Model]) -> None:
    assert all(isinstance(manager, OwnRows) for manager in model._meta.managers)


def test_no_exception_stays_that_nobody_needs() -> None:
    assert not [model for model in OF_NOBODY if issubclass(model, Root | Part)]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: str(model.__name__))
def test_what_is_once_in_a_tenant_may_be_there_again_in_another(model: type[Model]) -> None:
    """Words are unique within a tenant. Ids, and keys made of them, are nobody else's anyhow."""
    names = {
        field.name
        for field in model._meta.concrete_fields
        if field.unique and not (field.primary_key or field.is_relation)
    }
    assert names <= {"public_id", "key", "tenant", "default_key", *KEYS_OF_IDS}


KEYS_OF_IDS = {
    "live_key",  # Suppression: the ids of the person and the address it binds
    "dedupe_key",  # DeliveryEvent: the id of the attempt, or of the mail that answered it
}
