"""What changed since it was last submitted, in the words themselves."""

from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from outreach.approvals.changes import changes_between, compare
from outreach.approvals.decide import ask_for_changes
from outreach.approvals.fingerprint import content_of, with_content
from outreach.approvals.submit import submit
from outreach.audiences.freeze import freeze
from outreach.campaigns.edit import note_edit
from outreach.campaigns.models import Campaign
from outreach.ledger.models import Run
from tests.approvals.asking import Asked
from tests.approvals.browsing import review_of, shown
from tests.builders import make_group, make_topic


def content(asked: Asked) -> dict[str, Any]:
    stored = with_content(Campaign.objects.all()).get(pk=asked.campaign.pk)
    return content_of(stored, Run.objects.get(current_slot=stored))


def changed(asked: Asked) -> dict[str, str]:
    found = changes_between(asked.request.content, content(asked))
    return {each.label: "".join(f"[{p.kind}:{p.text}]" for p in each.pieces) for each in found}


@pytest.mark.django_db
class TestOfACampaign:
    def test_nothing_changed(self, asked: Asked) -> None:
        assert changed(asked) == {}

    def test_each_piece_is_named_as_on_the_page_of_the_campaign(self, asked: Asked) -> None:
        asked.campaign.variants.update(subject="A tasting on Sunday")
        asked.campaign.sender.__class__.objects.update(phone="+39 0141 555 0199")
        Campaign.objects.update(approach="sale", would_help="No.")
        asked.campaign.aims.create(group=make_group(name="Neighbours"), is_left_out=True)
        found = changed(asked)
        assert found["Subject"].endswith("[gone:Saturday][new:Sunday]")
        assert found["Approach"] == "[same:a ][gone:tasting or trial][new:sale]"
        assert found["Would it be useful to me?"].endswith("[new:No.]")
        assert found["Without the groups"] == "[new:Neighbours]"
        assert "0199" in found["Signed by"]
        assert len(found) == 5

    def test_another_topic_is_named_by_its_name(self, asked: Asked) -> None:
        Campaign.objects.update(topic=make_topic("vintages"))
        assert changed(asked)["Topic"].endswith("[new:vintages]")

    def test_what_was_not_kept_is_not_compared(self, asked: Asked) -> None:
        assert changes_between({}, content(asked)) == []

    def test_the_second_look_shows_it(self, approver: Client, asked: Asked) -> None:
        ask_for_changes(
            asked.request, by=asked.by_approver, seen=asked.request.fingerprint, comment="Warmer."
        )
        asked.campaign.variants.update(subject="A <b>warm</b> welcome")
        campaign = Campaign.objects.get(pk=asked.campaign.pk)
        note_edit(campaign, by=asked.by_author)
        freeze(campaign, by=asked.by_author)
        again = submit(campaign, by=asked.by_author)
        asked = Asked(campaign, again, asked.author, asked.approver)
        html = shown(approver, review_of(asked))
        assert "What changed since it was last submitted" in html
        assert "<ins>&lt;b&gt;warm&lt;/b&gt; welcome</ins>" in html
        assert "<b>warm</b>" not in html
        assert "Warmer." in html


@given(st.text(max_size=300), st.text(max_size=300))
def test_both_texts_are_there_whole(before: str, after: str) -> None:
    pieces = compare(before, after)
    assert "".join(p.text for p in pieces if p.kind != "new") == before
    assert "".join(p.text for p in pieces if p.kind != "gone") == after


def test_long_texts_are_compared_by_line() -> None:
    long = "word " * 4000
    pieces = compare(f"{long}\nsame\n", f"{long}!\nsame\n")
    assert [piece.kind for piece in pieces] == ["gone", "new", "same"]
