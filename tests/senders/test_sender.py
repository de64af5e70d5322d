import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from outreach.senders.models import Sender
from tests.builders import make_sender, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("field", ["name", "phone"])
def test_b6_whoever_signs_has_a_name_and_a_phone_number(field: str) -> None:
    with pytest.raises(IntegrityError):
        make_sender(**{"name": "Anna", "phone": "+39 1", field: ""})


def test_b6_the_form_asks_for_the_phone_number() -> None:
    client = Client()
    client.force_login(make_user("chief", is_superuser=True))
    form = {"name": "Anna Bianchi", "email": "anna@example.com", "phone": "", "is_active": "on"}
    response = client.post(reverse("admin:outreach_sender_add"), form)
    assert response.context["adminform"].form.errors.keys() == {"phone"}
    form["phone"] = "+39 0141 555 0100"
    assert client.post(reverse("admin:outreach_sender_add"), form).status_code == 302
    assert Sender.objects.get().phone == "+39 0141 555 0100"


@pytest.mark.parametrize("phone", ["call me", "+", "1", "ext. 12"])
def test_b6_what_cannot_be_called_is_no_phone_number(phone: str) -> None:
    client = Client()
    client.force_login(make_user("chief", is_superuser=True))
    form = {"name": "Anna Bianchi", "email": "anna@example.com", "phone": phone}
    page = client.post(reverse("admin:outreach_sender_add"), form).content.decode()
    assert "Enter a number that can be called." in page
    assert not Sender.objects.exists()


def test_several_senders_cannot_be_deleted_at_once() -> None:
    client = Client()
    client.force_login(make_user("chief", is_superuser=True))
    make_sender()
    shown = client.get(reverse("admin:outreach_sender_changelist"))
    assert "delete_selected" not in shown.content.decode()
