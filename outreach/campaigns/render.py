"""A campaign's e-mail as one person gets it: plain text first, and the same in plain HTML."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import pgettext

from outreach.campaigns.merge import Literal, fill, parse, value_of
from outreach.campaigns.models import Campaign, Variant
from outreach.conf import conf
from outreach.links.addresses import MessageLinks
from outreach.recipients.language import language_of
from outreach.senders.models import Sender

URL = re.compile(r"https?://[^\s<>\"]+")
AFTER_URL = ".,;:!?'\u2019\u201d»)]}"


@dataclass(frozen=True, slots=True)
class RenderedEmail:
    subject: str
    preheader: str
    text: str
    html: str


def render_email(
    variant: Variant,
    *,
    fields: Mapping[str, str],
    links: MessageLinks,
    language: str = "",
    asks_to_go_on: bool = False,
) -> RenderedEmail:
    """Fill and frame a variant for one person. Never fails on what people or authors wrote.

    `language` is the person's, as the CRM writes it; the frame (ways out, reason) speaks the
    one that their pages speak. The author's words stay as they are. With `asks_to_go_on` it says
    that this is the last message about the topic unless they want more (D3).
    """
    with translation.override(language_of(language)):
        body = _even_lines(variant.body)
        context = {
            **_frame(variant.campaign),
            "asks_to_go_on": asks_to_go_on,
            "topic": variant.campaign.topic,
            "links": links,
            "subject": _line(variant.subject, fields),
            "preheader": _line(variant.preheader, fields),
            "body": fill(body, fields),
            "paragraphs": paragraphs(body, fields),
        }
        text = render_to_string("outreach/mail/campaign.txt", context)
        html = render_to_string("outreach/mail/campaign.html", context)
        subject, preheader = context["subject"], context["preheader"]
        return RenderedEmail(str(subject), str(preheader), text.strip() + "\n", html)


def paragraphs(body: str, fields: Mapping[str, str]) -> list[SafeString]:
    """The text as HTML paragraphs; web addresses the author wrote become links.

    What a person is called is escaped and never made a link: names come from sign-up forms.
    """
    inner = "".join(
        _linked(part.text) if isinstance(part, Literal) else escape(value_of(part, fields))
        for part in parse(body)
    )
    return [
        mark_safe(block.strip().replace("\n", "<br>\n"))  # noqa: S308  (escaped piece by piece)
        for block in re.split(r"\n[ \t]*\n", inner)
        if block.strip()
    ]


def phone_link(sender: Sender) -> str:
    """The sender's phone number as a tel: address."""
    plus = "+" if sender.phone.strip().startswith("+") else ""
    return f"tel:{plus}" + "".join(c for c in sender.phone if c.isascii() and c.isdigit())


def as_sentence_end(reason: str) -> str:
    """The justification as the end of “You get this because …”, with its full stop."""
    reason = " ".join(reason.split())
    return reason if not reason or reason[-1] in ".!?…" else f"{reason}."


def _frame(campaign: Campaign) -> dict[str, object]:
    address = conf().postal_address
    company = conf().company_name
    return {
        "language": pgettext("the code of the language of this translation", "en"),
        "sender": campaign.sender,
        "phone_link": phone_link(campaign.sender),
        "reason": as_sentence_end(campaign.justification),
        "company_name": "" if address.startswith(company) else company,
        "postal_address": address,
    }


def _linked(text: str) -> str:
    pieces: list[str] = []
    end = 0
    for found in URL.finditer(text):
        url = found[0].rstrip(AFTER_URL)
        pieces.append(escape(text[end : found.start()]))
        pieces.append(format_html('<a href="{}">{}</a>', url, url))
        end = found.start() + len(url)
    pieces.append(escape(text[end:]))
    return "".join(pieces)


def _line(template: str, fields: Mapping[str, str]) -> str:
    return " ".join(fill(template, fields).split())


def _even_lines(body: str) -> str:
    return body.replace("\r\n", "\n").replace("\r", "\n").strip()
