"""Staff in front of the pages about a campaign."""

import re
from typing import Any

from django.test import Client
from django.urls import reverse

from outreach.campaigns.models import Campaign
from tests.approvals.asking import Asked


def browser_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def at(name: str, campaign: Campaign) -> str:
    return reverse(f"admin:outreach_campaign_{name}", args=[campaign.pk])


def review_of(asked: Asked) -> str:
    return reverse("admin:outreach_approvalrequest_review", args=[asked.request.pk])


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def shown(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()
