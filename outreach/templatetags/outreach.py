"""What a host puts into its own templates: `{% load outreach %}`."""

from django import template
from django.utils.safestring import SafeString

from outreach.centre.sign_up_form import stamp
from outreach.signups.ask import offer_at
from outreach.signups.embed import html_of

register = template.Library()


@register.simple_tag
def outreach_sign_up(slug: str) -> SafeString:
    """The sign-up form of that short name; nothing where it is closed, so that no page breaks."""
    offer = offer_at(str(slug))
    return html_of(offer, stamp=stamp(offer)) if offer else SafeString("")
