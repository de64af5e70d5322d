"""A form on a page of the company's own: as plain HTML, in a frame, or by a template tag."""

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from outreach.conf import conf
from outreach.links.paths import path_to
from outreach.recipients.language import language_of
from outreach.signups.ask import Offer
from outreach.signups.models import SignUpForm

TRAP = "website"
"""A field that people do not see, and machines fill in."""

LINE = 110


@dataclass(frozen=True, slots=True)
class Snippet:
    """Something to copy, and what it is good for."""

    key: str
    title: str | Promise
    help_text: str | Promise
    text: str

    @property
    def rows(self) -> int:
        """Enough lines to see it all, long ones being broken."""
        return sum(1 + len(line) // LINE for line in self.text.splitlines()) + 1


def form_url(form: SignUpForm) -> str:
    """The absolute address of a form."""
    return conf().base_url.rstrip("/") + path_to("sign_up", form.page)


def html_of(offer: Offer, *, stamp: str = "") -> SafeString:
    """The form as HTML that stands anywhere: without script, style, cookie or session."""
    with translation.override(language_of(offer.form.language or translation.get_language() or "")):
        context = {
            "offer": offer,
            "form": offer.form,
            "url": form_url(offer.form),
            "stamp": stamp,
            "trap": TRAP,
        }
        html = render_to_string("outreach/centre/sign_up_snippet.html", context)
    lines = (line.rstrip() for line in html.splitlines())
    return SafeString("\n".join(line for line in lines if line))


def snippets_of(offer: Offer) -> list[Snippet]:
    """The three ways, ready to copy."""
    slug = offer.form.slug
    return [
        Snippet(
            "html",
            _("As plain HTML"),
            _(
                "For a page that you write yourself. It takes the looks of that page. Name its "
                "site above, else people are asked to press twice."
            ),
            html_of(offer),
        ),
        Snippet(
            "frame",
            _("In a frame"),
            _(
                "For a page where you may only paste a frame. Name its site above, else browsers "
                "show nothing."
            ),
            render_to_string(
                "outreach/centre/sign_up_frame.html",
                {"url": f"{form_url(offer.form)}?embed=1", "title": offer.form.title},
            ).strip(),
        ),
        Snippet(
            "tag",
            _("In a template of your own site"),
            _("For templates of the project that runs this."),
            f'{{% load outreach %}}{{% outreach_sign_up "{slug}" %}}',
        ),
    ]
