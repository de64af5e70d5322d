from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from outreach.campaigns.admin import CampaignAdmin
from outreach.campaigns.models import Campaign, Contributor
from outreach.history.record import history_of
from tests.approvals.asking import WRITES, ask, make_draft
from tests.builders import make_campaign, make_group, make_sender, make_topic, make_user

pytestmark = pytest.mark.django_db

ADD = reverse("admin:outreach_campaign_add")


@pytest.fixture
def author() -> Any:
    return make_user("anna", *WRITES, "outreach.delete_campaign")


@pytest.fixture
def browser(author: Any) -> Client:
    client = Client()
    client.force_login(author)
    return client


def page(campaign: Campaign) -> str:
    return reverse("admin:outreach_campaign_change", args=[campaign.pk])


def form(**fields: Any) -> dict[str, Any]:
    """A whole and valid form; with `campaign` as it is stored."""
    campaign: Campaign | None = fields.pop("campaign", None)
    data: dict[str, Any] = {
        "name": "Tasting in May",
        "topic": campaign.topic_id if campaign else make_topic().pk,
        "purpose": "commercial",
        "approach": "tasting",
        "sender": campaign.sender_id if campaign else make_sender().pk,
        "justification": "you asked",
        "would_notice": "yes",
        "would_help": "yes",
        "would_welcome": "yes",
        "impersonal_reason": "",
        "coordination": (campaign.coordination_id or "") if campaign else "",
        "coordination_rank": campaign.coordination_rank if campaign else 1,
        "cap_reason": campaign.cap_reason if campaign else "",
        "aims-TOTAL_FORMS": 1,
        "aims-INITIAL_FORMS": 0,
        "exclusions-TOTAL_FORMS": 1,
        "exclusions-INITIAL_FORMS": 0,
        "variants-TOTAL_FORMS": 1,
        "variants-INITIAL_FORMS": 0,
        "variants-0-subject": "A tasting",
        "variants-0-preheader": "",
        "variants-0-body": "Dear {{ given_name | friend }}, come.",
        "_save": "Save",
    }
    if campaign is not None:
        names = ["name", "purpose", "approach", "justification", *Campaign.QUESTIONS]
        data |= {name: getattr(campaign, name) for name in names}
        aim, variant = campaign.aims.get(), campaign.variants.get()
        data |= {
            "aims-INITIAL_FORMS": 1,
            "aims-0-id": aim.pk,
            "aims-0-campaign": campaign.pk,
            "aims-0-group": aim.group_id,
            "variants-INITIAL_FORMS": 1,
            "variants-0-id": variant.pk,
            "variants-0-campaign": campaign.pk,
            "variants-0-subject": variant.subject,
            "variants-0-body": variant.body,
        }
    else:
        data["aims-0-group"] = make_group().pk
    return data | fields


def said(response: Any) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def test_a_new_campaign_keeps_its_author_and_stays_on_its_page(
    browser: Client, author: Any
) -> None:
    response = browser.post(ADD, form())
    campaign = Campaign.objects.get()
    assert response.headers["Location"] == page(campaign)
    assert campaign.author == author
    assert campaign.variants.get().channel == "email"
    assert [row.actor_key for row in campaign.contributors.all()] == [str(author.pk)]
    assert history_of(campaign).get().verb == "campaign.begun"


def test_a_draft_may_be_incomplete(browser: Client) -> None:
    bare = {"variants-0-subject": "", "variants-0-body": "", "aims-0-group": "", "would_help": ""}
    assert browser.post(ADD, form(**bare)).status_code == 302
    shown = browser.get(page(Campaign.objects.get())).content.decode()
    assert "Before it can be submitted:" in shown
    assert "Write the message" in shown
    assert "Choose at least one group" in shown


def test_a7_every_campaign_names_its_approach(browser: Client) -> None:
    response = browser.post(ADD, form(approach=""))
    assert response.status_code == 200
    assert response.context["adminform"].form.errors.keys() == {"approach"}
    assert not Campaign.objects.exists()


def test_a9_the_rules_are_shown_at_the_fields_they_govern(browser: Client) -> None:
    shown = browser.get(ADD).content.decode()
    for question in (
        "If I received this, would it catch my attention?",
        "Would it be useful to me?",
        "Would I take it well, or would it annoy me?",
        "Answer as if you had received the message.",
        "A free tasting is taken very differently from a sale.",
        "Only people who asked to hear about this topic are written to.",
    ):
        assert question in shown
    order = ["What and for whom", "Who it is for", "The message", "Would they welcome it?"]
    places = [shown.index(heading) for heading in [*order, "Signed by"]]
    assert places == sorted(places)


@pytest.mark.parametrize(
    "hostile",
    [
        "{{ ''.__class__ }}",
        "{% include 'admin/login.html' %}",
        "{{ given_name",
        "{{ user.password }}",
        "x" * 100_000,
        "{{" * 50_000,
        "{{x}}" * 20_000,
    ],
)
def test_a_hostile_text_is_sent_back_with_a_reason(browser: Client, hostile: str) -> None:
    response = browser.post(ADD, form(**{"variants-0-body": hostile}))
    assert response.status_code == 200
    assert response.context["errors"]
    assert not Campaign.objects.exists()


@pytest.mark.parametrize("field", ["subject", "preheader"])
@pytest.mark.parametrize("hostile", ["a\r\nBcc: all@example.com", "a\x00b", "{{ nonsense }}"])
def test_a_hostile_header_is_sent_back_with_a_reason(
    browser: Client, field: str, hostile: str
) -> None:
    response = browser.post(ADD, form(**{f"variants-0-{field}": hostile}))
    assert response.status_code == 200
    assert response.context["errors"]


def test_script_in_a_text_is_shown_as_words(browser: Client) -> None:
    nasty = "</textarea><script>alert(1)</script> {{ given_name | friend }}"
    names = {"name": nasty, "would_help": nasty, "variants-0-body": nasty}
    assert browser.post(ADD, form(**names)).status_code == 302
    assert "<script>alert" not in browser.get(page(Campaign.objects.get())).content.decode()


def test_saving_without_a_change_is_no_edit(browser: Client) -> None:
    asked = ask()
    response = browser.post(page(asked.campaign), form(campaign=asked.campaign))
    assert response.status_code == 302
    asked.campaign.refresh_from_db()
    assert asked.campaign.state == "submitted"
    assert not asked.campaign.contributors.exists()


@pytest.mark.parametrize(
    ("change", "note"),
    [
        ({"justification": "you are near"}, "Why this is useful to them"),
        ({"variants-0-body": "Dear {{ given_name | friend }}, buy."}, "the message"),
        ({"aims-0-is_left_out": "on"}, "who it is for"),
    ],
)
def test_any_change_takes_the_campaign_back(
    browser: Client, author: Any, change: dict[str, str], note: str
) -> None:
    asked = ask()
    warning = "Saving a change here takes it back"
    assert warning in browser.get(page(asked.campaign)).content.decode()
    response = browser.post(page(asked.campaign), form(campaign=asked.campaign, **change))
    asked.campaign.refresh_from_db()
    assert asked.campaign.state == "draft"
    assert Contributor.objects.get().actor_key == str(author.pk)
    assert "needs approval again" in said(response)
    edited = history_of(asked.campaign).get(verb="campaign.edited")
    assert note.lower() in edited.note.lower()


def test_saving_never_writes_a_state_that_others_have_moved(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between our look and our save somebody begins to send: the whole save is undone."""
    campaign = make_draft()
    Campaign.objects.filter(pk=campaign.pk).update(state="approved")
    look = CampaignAdmin.save_form

    def look_then_others_send(*args: Any, **kwargs: Any) -> Any:
        seen = look(*args, **kwargs)
        Campaign.objects.filter(pk=campaign.pk).update(state="sending")
        return seen

    monkeypatch.setattr(CampaignAdmin, "save_form", look_then_others_send)
    response = browser.post(page(campaign), form(campaign=campaign, name="Changed"))
    assert "can no longer be changed" in said(response)
    assert Campaign.objects.get().name == campaign.name
    assert not history_of(campaign).exists()


@pytest.mark.parametrize("state", ["sending", "sent", "refused", "stopped"])
def test_what_has_gone_out_is_read_only(browser: Client, state: str) -> None:
    campaign = make_draft()
    Campaign.objects.filter(pk=campaign.pk).update(state=state)
    shown = browser.get(page(campaign)).content.decode()
    assert 'name="_save"' not in shown
    assert "<textarea" not in shown
    response = browser.post(page(campaign), form(campaign=campaign, name="Changed"))
    assert "can no longer be changed" in said(response)
    assert Campaign.objects.get().name == campaign.name


def test_the_main_step_saves_first_and_then_works_out_who_gets_it(browser: Client) -> None:
    campaign = make_draft()
    data = form(campaign=campaign, name="Renamed first", _step="work_out")
    del data["_save"]
    response = browser.post(page(campaign), data, follow=True)
    campaign.refresh_from_db()
    assert campaign.name == "Renamed first"
    assert campaign.runs.count() == 1
    assert response.request["PATH_INFO"] == reverse(
        "admin:outreach_campaign_audience", args=[campaign.pk]
    )


def test_a_step_is_not_taken_when_the_form_has_mistakes(browser: Client) -> None:
    campaign = make_draft()
    response = browser.post(page(campaign), form(campaign=campaign, name="", _step="work_out"))
    assert response.status_code == 200
    assert not campaign.runs.exists()


def test_only_a_draft_that_was_never_submitted_can_be_deleted(browser: Client) -> None:
    campaign = make_campaign(make_group())
    delete = reverse("admin:outreach_campaign_delete", args=[campaign.pk])
    assert browser.post(delete, {"post": "yes"}).status_code == 302
    assert not Campaign.objects.exists()
    asked = ask()
    Campaign.objects.update(state="draft")
    delete = reverse("admin:outreach_campaign_delete", args=[asked.campaign.pk])
    assert browser.post(delete, {"post": "yes"}).status_code == 403


def test_whoever_may_only_look_sees_no_form(browser: Client) -> None:
    campaign = make_draft()
    reader = Client()
    reader.force_login(make_user("reader", "outreach.view_campaign"))
    shown = reader.get(page(campaign)).content.decode()
    assert "<textarea" not in shown
    assert "Work out who gets it</button>" not in shown
    assert reader.post(page(campaign), form(campaign=campaign)).status_code == 403


def test_the_list_opens_in_a_few_queries(
    browser: Client, django_assert_max_num_queries: Any
) -> None:
    for _number in range(5):
        make_draft()
    with django_assert_max_num_queries(14):
        assert browser.get(reverse("admin:outreach_campaign_changelist")).status_code == 200


def test_what_is_only_worth_a_look_does_not_stand_in_the_way(browser: Client, author: Any) -> None:
    campaign = make_draft(author=author)
    campaign.variants.update(subject="{{ given_name | friend }}, " + "a long subject " * 6)
    html = browser.get(page(campaign)).content.decode()
    assert "Worth a look:" in html
    assert "Nothing is missing in it." in html
    assert "Before it can be submitted:" not in html


def test_a_campaign_that_is_only_read_shows_words_and_no_double_points(author: Any) -> None:
    asked = ask(author=author)
    client = Client()
    client.force_login(asked.approver)
    html = client.get(page(asked.campaign)).content.decode()
    assert "gets it" in html
    assert "icon-no" not in html
    assert "?:" not in html


def test_the_rules_stand_at_the_fields_that_they_govern(browser: Client) -> None:
    """A9"""
    html = browser.get(ADD).content.decode()
    for words in (
        "Only people who asked to hear about this topic",
        "Never both in one message",
        "A free tasting is taken very differently",
        "fewer who do, rather than many who do not",
        "What in the subject is for this person?",
        "If it is only useful to us, do not send it.",
        "of somebody with a complaint",
        "A person with a phone number",
    ):
        assert words in html


def test_b10_earlier_campaigns_are_chosen_from_those_that_were_sent(browser: Client) -> None:
    sent = make_campaign(make_group(), name="Asti in April", state=Campaign.State.SENT)
    draft = make_campaign(make_group(), name="Not sent yet")
    campaign = make_campaign(make_group())

    html = browser.get(page(campaign)).content.decode()
    inline = html[html.index('name="exclusions-TOTAL_FORMS"') : html.index("variants-TOTAL_FORMS")]
    assert "Asti in April" in inline
    assert "Not sent yet" not in inline
    assert 'aria-label="Earlier campaign"' in inline

    browser.post(page(campaign), form(campaign=campaign, **{"exclusions-0-earlier": draft.pk}))
    assert not campaign.exclusions.exists()
    browser.post(page(campaign), form(campaign=campaign, **{"exclusions-0-earlier": sent.pk}))
    assert [exclusion.earlier for exclusion in campaign.exclusions.all()] == [sent]
    assert "leave out whom these campaigns reached" in history_of(campaign)[0].note


def test_what_stands_under_every_message_has_an_end(browser: Client) -> None:
    data = form(justification="y" * 501, would_help="y" * 2001)
    errors = browser.post(ADD, data).context["adminform"].form.errors
    assert errors.keys() == {"justification", "would_help"}
    assert not Campaign.objects.exists()
