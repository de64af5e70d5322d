"""What customers read, in each language that we speak: the catalogues, the pages, the mails."""

import re
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from gettext import GNUTranslations
from html import unescape
from itertools import chain

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.http import HttpResponseBase
from django.test import Client
from django.utils import timezone, translation
from django.utils.translation import gettext, ngettext
from pytest_django import Settings

from outreach.dispatch.channels import email
from outreach.dispatch.mailer import mailer
from outreach.history.actor import SYSTEM
from outreach.ledger.models import Attempt, Delivery
from outreach.links.paths import prefix
from outreach.preferences.models import ConsentEvidence, Subscription, Topic
from outreach.preferences.suppress import suppress
from outreach.recipients.models import Address, Channel, Recipient, RecipientAddress
from tests import builders
from tests.centre.catalogue import (
    LANGUAGES,
    PLACEHOLDER,
    TAG,
    customers_read,
    entries_of,
    folder_of,
)
from tests.centre.messages import (
    make_message,
    preferences_path,
    reasons_path,
    unsubscribe_path,
)
from tests.groups.people import asks, make_rule_group

Catalogue = dict[str | tuple[str, int], str]
"""As gettext keys it."""

READ_OUT = r"\b(?:title|aria-label|alt)=\"([^\"]*)\""
# Words that none of the other languages has: where one stands, something is not translated.
ENGLISH = re.compile(r"\b(the|you|your|we|us|of|from|and|with|about|this|because|days?)\b", re.I)


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_that_customers_read_is_in_the_catalogue(language: str) -> None:
    assert len(customers_read()) > 60
    known = {(entry.context, entry.text) for entry in entries_of(language)}
    assert customers_read() - known == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_customers_do_not_read_is_not_in_the_catalogue(language: str) -> None:
    """Django looks in it for the host's words as well, and would put ours in their place."""
    known = {(entry.context, entry.text) for entry in entries_of(language)[1:]}
    assert known - customers_read() == set()


def test_a_single_word_has_a_context() -> None:
    assert {text for context, text in customers_read() if not context and " " not in text} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_in_the_catalogue_is_translated(language: str) -> None:
    header, *entries = entries_of(language)
    (forms,) = re.findall(r"nplurals=(\d)", header.said[0])
    for entry in entries:
        assert len(entry.said) == (int(forms) if entry.plural else 1), entry
        assert all(said.strip() for said in entry.said), entry
        assert "fuzzy" not in entry.flags, entry


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_keeps_what_is_filled_in_and_the_markup(language: str) -> None:
    kept = re.compile(f"{PLACEHOLDER}|{TAG}")
    for entry in entries_of(language)[1:]:
        for said in entry.said:
            assert sorted(kept.findall(said)) == sorted(kept.findall(entry.text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_shipped_is_what_was_written(language: str) -> None:
    written: Catalogue = {}
    for entry in entries_of(language):
        key = f"{entry.context}\x04{entry.text}" if entry.context else entry.text
        for form, said in enumerate(entry.said):
            written[(key, form) if entry.plural else key] = said
    # The compiler leaves out when the strings were collected, and may: it says nothing of them.
    written[""] = re.sub(r"POT-Creation-Date:.*\n", "", written[""])
    with (folder_of(language) / "django.mo").open("rb") as file:
        shipped: Catalogue = vars(GNUTranslations(file))["_catalog"]
    assert shipped | {"": re.sub(r"POT-Creation-Date:.*\n", "", shipped[""])} == written


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_names_its_language(language: str) -> None:
    header, *entries = entries_of(language)
    assert f"\nLanguage: {language}\n" in header.said[0]
    code = "the code of the language of this translation"
    assert [entry.said for entry in entries if entry.context == code] == [[language]]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("it", {1: "giorno", 0: "giorni", 2: "giorni", 30: "giorni"}),
        ("es", {1: "día", 0: "días", 2: "días", 30: "días"}),
        ("ru", {1: "день", 21: "день", 2: "дня", 33: "дня", 11: "дней", 12: "дней", 30: "дней"}),
    ],
)
def test_numbers_have_the_right_word(language: str, words: dict[int, str]) -> None:
    with translation.override(language):
        said = {n: ngettext("%(days)s day", "%(days)s days", n) % {"days": n} for n in words}
    assert said == {number: f"{number} {word}" for number, word in words.items()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_only_staff_read_stays_english(language: str) -> None:
    with translation.override(language):
        assert gettext("This is not being sent any more.") == "This is not being sent any more."


@cache
def our_words() -> frozenset[str]:
    """The pieces, of two words or more, of which our English sentences consist."""
    pieces = chain(*(re.split(f"{PLACEHOLDER}|{TAG}", text) for _context, text in customers_read()))
    return frozenset(piece.strip() for piece in pieces if len(piece.split()) > 1)


def english_in(shown: str) -> set[str]:
    """What a person who reads a page or a text, or has it read out, finds in English."""
    seen = [re.sub(TAG, "\n", shown), *re.findall(READ_OUT, shown)]
    text = re.sub(r"\s+", " ", unescape("\n".join(seen)))
    return {words for words in our_words() if words in text} | set(ENGLISH.findall(text))


def make_attempt(language: str) -> Attempt:
    """A message of which all that others wrote reads the same in every language."""
    maria, barbera = builders.make_recipient(language=language), _make_topic("Barbera")
    builders.subscribe(maria, barbera, _make_topic("Barolo"))
    group = builders.make_group(maria)
    group.description = "Piemonte, Liguria"
    group.save()
    campaign = builders.make_campaign(
        group,
        topic=barbera,
        sender=builders.make_sender(role="Cantina"),
        justification="Asti, Alba",
        subject="Barbera",
        body="{{ given_name | Maria }}, {{ company | Enoteca }}, Barbera.",
    )
    return make_message(maria, campaign)


def _make_topic(name: str) -> Topic:
    return builders.make_topic(name, description="Nizza Monferrato, La Morra")


def on_all_channels(client: Client, attempt: Attempt) -> HttpResponseBase:
    maria, topic = attempt.delivery.recipient, attempt.delivery.run.campaign.topic
    for channel in set(Channel) - {Channel.EMAIL}:
        address = Address.objects.create(channel=channel, value_hash=channel, normaliser=1)
        RecipientAddress.objects.create(recipient=maria, address=address, channel=channel)
        builders.subscribe(maria, topic, channel=channel)
    return client.get(preferences_path(attempt) + "?saved=1")


def held(client: Client, attempt: Attempt) -> HttpResponseBase:
    suppress(reason="manual", by=SYSTEM, recipient=attempt.delivery.recipient)
    return client.get(preferences_path(attempt))


def pressed(client: Client, attempt: Attempt, **fields: str) -> HttpResponseBase:
    client.post(preferences_path(attempt), fields)
    return client.get(preferences_path(attempt) + "?saved=1")


def asked(client: Client, attempt: Attempt) -> HttpResponseBase:
    """Whether a wish that is over soon is kept, and whether to go on with its topic."""
    now = timezone.now()
    Topic.objects.update(valid_for=365)
    Subscription.objects.update(
        since_at=now - timedelta(days=360), valid_until=now + timedelta(days=5)
    )
    Delivery.objects.update(asks_to_go_on=True)
    Recipient.objects.update(last_sign_at=None)
    return client.get(preferences_path(attempt))


def reasons(client: Client, attempt: Attempt) -> HttpResponseBase:
    """With groups that say who they are by their rule alone."""
    ConsentEvidence.objects.all().delete()  # what one of us wrote down
    topic = attempt.delivery.run.campaign.topic
    for rule in (
        asks("person.country", "differs", "FR"),
        asks("person.language", "filled"),
        asks("person.stage", "equals", "customer"),
        asks("message.last", "in_last", 30),
        asks("reply.last", "empty"),
        asks("interest", "includes", topic.slug),
        asks("message.bounced", "no"),
    ):
        make_rule_group(rule, name=f"{rule}"[:100])
    return client.get(reasons_path(attempt))


PAGES: dict[str, Callable[[Client, Attempt], HttpResponseBase]] = {
    "preferences": lambda client, a: client.get(preferences_path(a)),
    "on all channels": on_all_channels,
    "asked whether to go on": asked,
    "in a break": lambda client, a: pressed(client, a, do="break", days="30"),
    "stopped": lambda client, a: pressed(client, a, do="stop"),
    "held": held,
    "reasons": reasons,
    "unsubscribe": lambda client, a: client.get(unsubscribe_path(a)),
    "no more of a topic": lambda client, a: client.post(unsubscribe_path(a), {"stop": "topic"}),
    "no more at all": lambda client, a: client.post(unsubscribe_path(a), {"stop": "everything"}),
    "bad link": lambda client, a: client.get(f"{prefix()}p/x"),
    "bad form": lambda client, a: client.post(preferences_path(a), {"do": "?"}),
}


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("which", PAGES)
def test_a_page_is_in_the_persons_language(client: Client, language: str, which: str) -> None:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = language  # for pages that know no person
    answer = PAGES[which](client, make_attempt(language))
    page = getattr(answer, "content", b"").decode()
    assert f'<html lang="{language}"' in page
    assert answer["Content-Language"] == language
    assert english_in(page) == set()


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_answer_to_one_click_is_in_the_persons_language(client: Client, language: str) -> None:
    path = unsubscribe_path(make_attempt(language))
    answer = client.post(path, {"List-Unsubscribe": "One-Click"})
    assert english_in(answer.content.decode()) == set()


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mail_is_in_the_persons_language(language: str) -> None:
    attempt = make_attempt(language)
    email.hand_over(attempt, attempt.delivery.run.campaign.variants.get(), mailer())
    (sent,) = mail.outbox
    assert isinstance(sent, EmailMultiAlternatives)
    html = str(sent.alternatives[0][0])
    assert f'<html lang="{language}"' in html
    assert english_in(html) | english_in(f"{sent.subject}\n{sent.body}") == set()


@pytest.mark.django_db
@pytest.mark.parametrize("known", ["ru_RU", "es-AR", "IT", "de", "", "?"])
def test_a_mail_and_the_page_it_leads_to_speak_the_same_language(
    client: Client, settings: Settings, known: str
) -> None:
    settings.LANGUAGE_CODE = "it"
    attempt = make_attempt(known)
    mail = email.build(attempt, attempt.delivery.run.campaign.variants.get())
    html, page = str(mail.alternatives[0][0]), client.get(preferences_path(attempt))
    named = re.compile(r'<html lang="(\w+)"')
    assert named.findall(html) == named.findall(page.content.decode())
    assert len(named.findall(html)) == 1


@pytest.mark.django_db
def test_english_would_be_noticed(client: Client) -> None:
    page = client.get(preferences_path(make_attempt("en"))).content.decode()
    assert "Why do you write to me?" in english_in(page)
