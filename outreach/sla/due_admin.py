from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outreach.calendars.wording import deadline_in_words
from outreach.conversations.agent_page import Due
from outreach.conversations.conversation_admin import ConversationAdmin
from outreach.conversations.models import Conversation
from outreach.sla.left import time_left, waited
from outreach.sla.models import Clock

MOST_DUE = 30


class DueConversationAdmin(ConversationAdmin):
    """Conversations, those due first on top."""

    list_display = ["who", "subject", "time_left", "owner", "last_at"]
    list_select_related = ["recipient", "owner", "running_clock"]

    def get_ordering(self, request: HttpRequest) -> Any:
        return [F("running_clock__due_at").asc(nulls_last=True), "-last_at", "-pk"]

    @admin.display(description=gettext_lazy("answer due"), ordering="running_clock__due_at")
    def time_left(self, obj: Conversation) -> str:
        clock: Clock | None = getattr(obj, "running_clock", None)
        if clock is None:
            return str(obj.get_state_display())
        now = timezone.now()
        return format_html(
            '<strong><time datetime="{}" title="{}">{}</time></strong>'
            if clock.due_at < now
            else '<time datetime="{}" title="{}">{}</time>',
            clock.due_at.isoformat(),
            _exactly(clock.due_at),
            time_left(clock.due_at, now),
        )

    def due(self, request: HttpRequest, conversation: Conversation) -> list[Due]:
        """What is due, the least time left on top."""
        now = timezone.now()
        clocks = Clock.objects.filter(running_slot__isnull=False)
        rows = clocks.select_related("conversation__recipient").order_by("due_at", "pk")
        return [
            Due(
                url=self.page_of(clock.conversation),
                who=self.who(clock.conversation),
                subject=clock.conversation.subject,
                left=time_left(clock.due_at, now),
                due_at=clock.due_at,
                is_late=clock.due_at < now,
                is_here=clock.conversation_id == conversation.pk,
            )
            for clock in rows[:MOST_DUE]
        ]

    def standing(self, conversation: Conversation) -> str:
        clock = Clock.objects.filter(running_slot=conversation).first()
        if clock is None:
            return ""
        now = timezone.now()
        words = {
            "who": self.who(conversation) if conversation.recipient else _("This person"),
            "waited": waited(now - clock.started_at),
            "left": time_left(clock.due_at, now),
            "due": _exactly(clock.due_at),
        }
        if clock.due_at < now:
            return (
                _("%(who)s has waited %(waited)s for an answer. We promised it by %(due)s.") % words
            )
        return _("%(who)s waits for an answer by %(due)s: %(left)s.") % words


def _exactly(instant: datetime) -> str:
    """The deadline as people say it: midnight is the end of a day."""
    return deadline_in_words(instant, ZoneInfo(timezone.get_current_timezone_name()))
