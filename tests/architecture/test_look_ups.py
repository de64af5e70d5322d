"""Rows are found by an index in hosts with tenants and in hosts that never name one."""

from django.apps import apps


def test_what_is_unique_is_looked_up_without_the_tenant() -> None:
    """Without tenants no query names one: an index that begins with it would be read whole."""
    wrong = [
        f"{model.__name__}: {constraint.name}"
        for model in apps.get_app_config("outreach").get_models()
        for constraint in model._meta.total_unique_constraints
        if constraint.fields[:1] == ("tenant",)
    ]
    assert not wrong
