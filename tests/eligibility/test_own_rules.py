"""A host adds a rule of its own by a dotted path."""

import re
import sys
from dataclasses import replace
from types import ModuleType

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Q
from django.test import override_settings

from outreach.audiences.freeze import freeze
from outreach.audiences.preview import preview
from outreach.audiences.waterfall import waterfall
from outreach.eligibility.again import ask_again
from outreach.eligibility.decide import may_contact, question_of
from outreach.eligibility.rule import Keys, Rule
from outreach.eligibility.rules import OWN, rules
from outreach.groups.models import ContactGroup, Membership
from outreach.history.actor import SYSTEM
from outreach.preferences.models import Suppression
from outreach.preferences.suppress import suppress
from outreach.recipients.models import Channel
from tests.builders import (
    address_of,
    make_campaign,
    make_group,
    make_recipient,
    make_topic,
    subscribe,
)

NOT_ABROAD = Rule(
    code="abroad",
    sentence="lives abroad",
    plural="live abroad",
    mend="Nothing.",
    binds_routine=False,
    excludes=lambda question: ~Q(country="IT"),
)
NO_PRESS = replace(
    NOT_ABROAD,
    code="press",
    excludes=lambda question: question.has(Membership.objects.filter(group__name="Press")),
)
UNKNOWN_TO_STOPS = replace(
    NOT_ABROAD,
    code="unknown",
    excludes=lambda question: ~question.has(Suppression.objects.all()),
)
NO_RULE = "not a rule"
NO_CODE = replace(NOT_ABROAD, code="")
LIKE_OURS = replace(NOT_ABROAD, code="capped")


def with_rule(path: str) -> override_settings:
    return override_settings(OUTREACH={**settings.OUTREACH, "RULES": [path]})


@pytest.mark.django_db
def test_a_row_of_nobody_does_not_hide_who_has_none() -> None:
    topic, maria = make_topic(), make_recipient()
    subscribe(maria, topic)
    address = address_of(make_recipient("nobody@example.com"))
    suppress(reason=Suppression.Reason.MANUAL, by=SYSTEM, address=address)
    campaign = make_campaign(make_group(maria), topic=topic)
    with with_rule(f"{__name__}.UNKNOWN_TO_STOPS"):
        assert not may_contact(maria, topic, Channel.EMAIL).is_allowed
        shown = preview(campaign)
        assert [bar.code for bar in shown.bars] == ["unknown"]
        assert shown == waterfall(freeze(campaign, by=SYSTEM))


@pytest.mark.django_db
def test_it_decides_for_one_and_for_many_and_stands_in_the_waterfall() -> None:
    topic = make_topic()
    ana, maria = make_recipient(country="ES"), make_recipient(country="IT")
    for person in (ana, maria):
        subscribe(person, topic)
    with with_rule(f"{__name__}.NOT_ABROAD"):
        refused = may_contact(ana, topic, Channel.EMAIL).refused_by
        assert [rule.code for rule in refused] == ["abroad"]
        run = freeze(make_campaign(make_group(ana, maria), topic=topic), by=SYSTEM)
        assert [(bar.sentence, bar.count) for bar in waterfall(run).bars] == [("live abroad", 1)]
        assert run.included == 1
    assert may_contact(ana, topic, Channel.EMAIL).is_allowed


@pytest.mark.django_db
def test_one_that_asks_for_rows_decides_alike_however_it_is_asked() -> None:
    topic = make_topic()
    ana, maria = make_recipient(), make_recipient()
    press = make_group(ana)
    ContactGroup.objects.filter(pk=press.pk).update(name="Press")
    for person in (ana, maria):
        subscribe(person, topic)
    campaign = make_campaign(make_group(ana, maria), topic=topic)
    with with_rule(f"{__name__}.NO_PRESS"):
        assert [rule.code for rule in may_contact(ana, topic, "email").refused_by] == ["press"]
        assert may_contact(maria, topic, "email").is_allowed
        shown = preview(campaign)
        assert [(bar.code, bar.count) for bar in shown.bars] == [("press", 1)]
        run = freeze(campaign, by=SYSTEM)
        assert waterfall(run) == shown
        again = ask_again(question_of(run, within=Keys((ana.pk, maria.pk))))
        assert {each.recipient_id: each.reason for each in again} == {ana.pk: "press", maria.pk: ""}


@pytest.mark.parametrize(
    "path",
    [
        f"{__name__}.NO_RULE",
        f"{__name__}.NO_CODE",
        f"{__name__}.LIKE_OURS",
        f"{__name__}.GONE",
        "no.such.module",
    ],
)
def test_a_path_that_leads_to_no_rule_is_named(path: str) -> None:
    with with_rule(path), pytest.raises(ImproperlyConfigured, match=path):
        rules()


def test_the_document_names_every_rule_in_its_order_and_whom_it_binds() -> None:
    with open(settings.BASE_DIR / "docs" / "eligibility.md", encoding="utf-8") as file:
        rows = [line.split("|") for line in file if line.startswith("| `")]
    written = [(row[1].strip(" `"), row[3].strip() == "bound") for row in rows]
    assert written == [(rule.code, rule.binds_routine) for rule in OWN]


@pytest.mark.django_db
def test_the_example_in_the_document_works_as_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    text = (settings.BASE_DIR / "docs" / "eligibility.md").read_text(encoding="utf-8")
    code, setting = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    exec(code, vars(module := ModuleType("crm.rules")))
    monkeypatch.setitem(sys.modules, "crm.rules", module)
    monkeypatch.setitem(sys.modules, "crm", ModuleType("crm"))
    (path,) = eval(setting.partition('"RULES": ')[2].strip(" }\n"))
    topic = make_topic()
    ana, zoe = make_recipient(country="ES"), make_recipient(country="NZ")
    for person in (ana, zoe):
        subscribe(person, topic)
    with with_rule(path):
        assert may_contact(ana, topic, Channel.EMAIL).is_allowed
        refused = may_contact(zoe, topic, Channel.EMAIL).refused_by
    assert [rule.code for rule in refused] == ["abroad"]
