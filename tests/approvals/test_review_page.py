from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from outreach.approvals.decide import approve
from outreach.approvals.models import Decision
from outreach.campaigns.models import Variant
from tests.approvals.asking import Asked
from tests.approvals.browsing import review_of, shown, text_of

pytestmark = pytest.mark.django_db


class TestReview:
    def test_all_there_is_to_weigh_in_its_order(self, approver: Client, asked: Asked) -> None:
        text = text_of(shown(approver, review_of(asked)))
        order = [
            "The message",
            "Anna Bianchi",
            "A tasting on Saturday",
            "would it catch my attention?",
            "Yes, it names a date and a place.",
            "The tasting is near you and free.",
            "Who gets it",
            "will be written to",
            "What it costs, and when it goes",
            "1 e-mail",
            "What a check found",
            "How it came about",
            "submitted it for approval",
            "How the last ones went",
            "Nothing was sent to these groups",
            "Approve",
            "Ask for changes",
            "Refuse",
        ]
        place = 0
        for words in order:
            place = text.index(words, place)

    def test_the_approver_approves_what_they_saw(self, approver: Client, asked: Asked) -> None:
        seen = approver.get(review_of(asked)).context["seen"]
        response = approver.post(
            review_of(asked), {"verdict": "approve", "seen": seen}, follow=True
        )
        assert "Approved. It can be sent now." in response.content.decode()
        asked.campaign.refresh_from_db()
        assert asked.campaign.state == "approved"

    def test_the_author_reads_who_can_instead_of_buttons(
        self, author: Client, asked: Asked
    ) -> None:
        html = shown(author, review_of(asked))
        assert "You wrote this campaign, so someone else has to approve it. Piotr can." in html
        assert 'name="verdict"' not in html
        data = {"verdict": "approve", "seen": asked.request.fingerprint}
        assert "You wrote this campaign" in author.post(review_of(asked), data).content.decode()
        assert not Decision.objects.exists()

    def test_a_change_in_between_is_said_and_the_comment_is_kept(
        self, approver: Client, asked: Asked
    ) -> None:
        seen = approver.get(review_of(asked)).context["seen"]
        Variant.objects.update(body="Buy, {{ given_name }}!")
        data = {"verdict": "approve", "seen": seen, "comment": "fine with me"}
        html = approver.post(review_of(asked), data).content.decode()
        assert "has changed since you looked" in html
        assert "It has changed since it was submitted" in html
        assert not Decision.objects.exists()

    def test_a_comment_that_is_needed_is_asked_for_and_nothing_is_lost(
        self, approver: Client, asked: Asked
    ) -> None:
        data = {"verdict": "refuse", "seen": asked.request.fingerprint, "comment": "  "}
        assert "Say in the comment why" in approver.post(review_of(asked), data).content.decode()

    @pytest.mark.parametrize("verdict", ["", "nonsense", "<script>"])
    def test_no_or_another_verdict_is_none(
        self, approver: Client, asked: Asked, verdict: str
    ) -> None:
        data = {"verdict": verdict, "seen": asked.request.fingerprint}
        assert "Choose one of the three" in approver.post(review_of(asked), data).content.decode()
        assert not Decision.objects.exists()

    def test_after_the_decision_it_says_who_decided_what(
        self, approver: Client, asked: Asked
    ) -> None:
        approve(
            asked.request,
            by=asked.by_approver,
            seen=asked.request.fingerprint,
            comment="Good <b>idea</b>.",
        )
        html = shown(approver, review_of(asked))
        assert "Piotr approved," in text_of(html)
        assert "Good &lt;b&gt;idea&lt;/b&gt;." in html
        assert 'name="verdict"' not in html

    def test_the_list_of_requests_leads_to_the_review(self, approver: Client, asked: Asked) -> None:
        shown(approver, reverse("admin:outreach_approvalrequest_changelist"))
        change = reverse("admin:outreach_approvalrequest_change", args=[asked.request.pk])
        assert approver.get(change).headers["Location"] == review_of(asked)

    def test_reviewing_takes_few_queries(
        self, approver: Client, asked: Asked, django_assert_max_num_queries: Any
    ) -> None:
        with django_assert_max_num_queries(45):
            shown(approver, review_of(asked))
