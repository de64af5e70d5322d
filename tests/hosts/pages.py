"""Staff's pages behind the host's login; customers' pages in front of it."""

from typing import Any

from django.contrib.admin import AdminSite
from django.test import Client
from django.urls import reverse
from django.utils.module_loading import import_string

from outreach.ledger.models import Attempt
from outreach.links.paths import path_to
from outreach.links.tokens import Scope, make
from outreach.recipients.models import Recipient
from tests.hosts.crm import Crm
from tests.hosts.verdict import Verdict


def path_of(attempt: Attempt, scope: Scope) -> str:
    return path_to(scope.value, make(scope, attempt.key.hex))


def open_staff_pages(verdict: Verdict, crm: Crm, user: Any, person: Recipient) -> None:
    """Each list of ours, the front page among them, each form to add, and a person's page."""
    site: AdminSite = import_string(crm.admin_site)
    client = Client()
    client.force_login(user)
    models = [model for model in site._registry if model._meta.app_label == "outreach"]
    urls = [reverse(f"{site.name}:app_list", args=["outreach"], current_app=site.name)]
    for model in models:
        name = f"{site.name}:outreach_{model._meta.model_name}"
        urls.append(reverse(f"{name}_changelist", current_app=site.name))
        urls.append(reverse(f"{name}_add", current_app=site.name))
    page = f"{site.name}:outreach_recipient_change"
    urls.append(reverse(page, args=[person.pk], current_app=site.name))
    with verdict.step("staff's pages open"):
        assert models
        answers = {url: client.get(url, secure=crm.ssl).status_code for url in urls}
        # 403: what nobody adds by hand.
        wrong = {
            url: status
            for url, status in answers.items()
            if status != 200 and not (status == 403 and url.endswith("/add/"))
        }
        assert not wrong, wrong
    with verdict.step("staff's pages are closed to strangers"):
        assert Client().get(urls[0], secure=crm.ssl).status_code == 302


def open_public_pages(verdict: Verdict, attempt: Attempt) -> None:
    """Without a login, over plain http, as a mail program does it."""
    client = Client(enforce_csrf_checks=True)
    with verdict.step("the preference page opens without a login"):
        answer = client.get(path_of(attempt, Scope.PREFERENCES), headers={"accept-language": "it"})
        assert answer.status_code == 200, answer.status_code
        assert not answer.cookies
    with verdict.step("one click is taken without a login"):
        one_click = {"List-Unsubscribe": "One-Click"}
        answer = client.post(path_of(attempt, Scope.UNSUBSCRIBE), one_click)
        assert answer.status_code == 200, answer.status_code
        assert not answer.cookies
    with verdict.step("a broken link is answered by us, and the rest by the host"):
        assert client.get(path_to("preferences", "broken")).status_code == 404
        assert client.get("/outreach-is-not-here").status_code != 200
