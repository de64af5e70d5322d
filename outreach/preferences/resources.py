"""What a row of a file with people says, and whether it is a proof (django-import-export)."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.instance_loaders import BaseInstanceLoader
from import_export.resources import Resource
from import_export.widgets import Widget

from outreach.preferences.models import Purpose, Topic
from outreach.recipients.models import Channel
from outreach.recipients.normalise import BadAddress, normalise_email

COLUMNS = ("address", "since", "source", "wording")
FORMULA = ("=", "+", "-", "@")
MAY_BREAK = {"\n", "\r", "\t"}
EARLIEST = date(1990, 1, 1)


@dataclass(slots=True)
class ProofRow:
    """One row that holds; `number` is that of the file, whose heading is row 1."""

    number: int = 0
    address: str = ""
    since: date | None = None
    source: str = ""
    wording: str = ""


class Words(Widget):  # type: ignore[misc]
    """Some words, of which there have to be any unless `may_be_empty`; a formula is none."""

    def __init__(self, missing: Any, most: int, *, may_be_empty: bool = False) -> None:
        super().__init__()
        self.missing, self.most, self.may_be_empty = missing, most, may_be_empty

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        words = "" if value is None else str(value).strip()
        if not words:
            if self.may_be_empty:
                return ""
            raise ValueError(self.missing)
        if words.startswith(FORMULA):
            text = _("begins with “%(sign)s” as a formula does; write the words themselves")
            raise ValueError(text % {"sign": words[0]})
        if any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in set(words) - MAY_BREAK):
            raise ValueError(_("holds a character that cannot be kept"))
        if len(words) > self.most:
            raise ValueError(_("is longer than %(most)d characters") % {"most": self.most})
        return words


class EmailAddress(Widget):  # type: ignore[misc]
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        written = "" if value is None else str(value)
        if not written.strip():
            raise ValueError(_("is empty"))
        try:
            return normalise_email(written)
        except BadAddress as bad:
            raise ValueError(_("is no e-mail address")) from bad


class Day(Widget):  # type: ignore[misc]
    """A date as 2024-05-31 alone, since 3/5 is another day in another country; or a date cell."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> date:
        if not str("" if value is None else value).strip():
            raise ValueError(_("is empty: without the day it is no proof"))
        day = _as_day(value)
        if day > timezone.localdate():
            raise ValueError(_("is still to come"))
        if day < EARLIEST:
            raise ValueError(_("is too long ago to be right"))
        return day


class RowReader(Resource):  # type: ignore[misc]
    """Reads rows of which each is a new object, and writes nothing."""

    class Meta:
        force_init_instance = True
        instance_loader_class = BaseInstanceLoader
        skip_diff = True
        use_transactions = False


class ProofResource(RowReader):
    """Reads rows into `rows` and writes nothing; what a row lacks is in the result."""

    address = Field("address", "address", widget=EmailAddress())
    since = Field("since", "since", widget=Day())
    source = Field("source", "source")
    wording = Field("wording", "wording")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rows: list[ProofRow] = []
        self.fields["source"].widget = Words(
            _("is empty: without where they said it, it is no proof"), 250
        )
        self.fields["wording"].widget = Words(
            _("is empty: without what they agreed to or did, it is no proof"), 2000
        )

    def init_instance(self, row: Any = None) -> ProofRow:
        return ProofRow()

    def do_instance_save(self, instance: Any, is_create: bool) -> None:
        self.rows.append(instance)

    def before_save_instance(self, instance: ProofRow, row: Any, **kwargs: Any) -> None:
        instance.number = kwargs["row_number"] + 1


class TopicName(Widget):  # type: ignore[misc]
    """A topic that people can ask for, by its name or its short name."""

    def __init__(self, topics: Mapping[str, Topic]) -> None:
        super().__init__()
        self.topics = topics

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Topic:
        written = "" if value is None else str(value).strip().casefold()
        if not written:
            raise ValueError(_("is empty"))
        if written not in self.topics:
            raise ValueError(_("is no topic that is offered"))
        return self.topics[written]


class ChannelName(Widget):  # type: ignore[misc]
    """A channel by its code or its name."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        written = "" if value is None else str(value).strip().casefold()
        for code, name in Channel.choices:
            if written in (code, str(name).casefold()):
                return code
        codes = ", ".join(Channel.values)
        raise ValueError(_("is none of %(channels)s") % {"channels": codes})


@dataclass(slots=True)
class ConsentRow(ProofRow):
    topic: Topic = field(default_factory=Topic)
    channel: str = ""


class ConsentResource(ProofResource):
    """As ProofResource, with a topic and a channel in each row; reads into `consents`."""

    topic = Field("topic", "topic")
    channel = Field("channel", "channel", widget=ChannelName())

    def __init__(self, *, tenant: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.consents: list[ConsentRow] = []
        offered = Topic.objects.filter(tenant=tenant, is_active=True, purpose=Purpose.COMMERCIAL)
        names = {topic.name.casefold(): topic for topic in offered}
        self.fields["topic"].widget = TopicName(
            {**names, **{topic.slug.casefold(): topic for topic in offered}}
        )

    def init_instance(self, row: Any = None) -> ConsentRow:
        return ConsentRow()

    def do_instance_save(self, instance: Any, is_create: bool) -> None:
        self.consents.append(instance)


def _as_day(value: Any) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = str(value).strip()
    try:
        day = date.fromisoformat(text) if len(text) == len("2024-05-31") else None
    except ValueError:
        day = None
    if day is None:
        raise ValueError(_("is no date as 2024-05-31 (year, month, day)"))
    return day
