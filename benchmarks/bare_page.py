"""The page that the preference page is held against: three queries and a template."""

from pathlib import Path
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.utils import translation

from outreach.centre.change import BREAKS
from outreach.centre.style import stylesheet
from outreach.conf import conf
from outreach.preferences.models import Subscription, Topic
from outreach.preferences.wish_models import AtMost
from outreach.recipients.models import Channel, Recipient

CHANNELS = (Channel.EMAIL, Channel.SMS, Channel.POST)
LANGUAGES = [("en", "English"), ("it", "Italiano"), ("es", "Español"), ("ru", "Русский")]

# Compiled once, as the cached loader of Django does with those that it finds.
_PAGE = engines["django"].from_string(
    Path(__file__).with_suffix(".html").read_text(encoding="utf-8")
)


def bare(request: HttpRequest, key: UUID) -> HttpResponse:
    person = Recipient.objects.get(public_id=key)
    topics = Topic.objects.filter(tenant=person.tenant, is_active=True)
    chosen = Subscription.objects.filter(recipient=person, is_granted=True)
    wanted = set(chosen.values_list("topic", "channel"))
    lines = [
        (topic, [(channel, (topic.pk, channel) in wanted) for channel in CHANNELS])
        for topic in topics
    ]
    context = {
        "person": person,
        "lines": lines,
        "channels": CHANNELS,
        "often": AtMost.choices,
        "breaks": BREAKS,
        "languages": LANGUAGES,
        "language": "it",
        "company": conf().company_name,
        "postal_address": conf().postal_address,
        "stylesheet": stylesheet(),
    }
    with translation.override("it"):
        return HttpResponse(_PAGE.render(context))
