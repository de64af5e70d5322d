"""The words of the consent ledger: what can be done, how we heard of it, and why it counts."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Purpose(models.TextChoices):
    """Routine messages follow from what a person did; commercial ones from what they asked (C4)."""

    COMMERCIAL = "commercial", _("news, invitations and offers")
    ROUTINE = "routine", _("routine (belongs to an order or an appointment)")


class Act(models.TextChoices):
    """What ends by itself is nobody's refusal: it may be asked for, or declared, again."""

    GRANT = "grant", _("asked for it")
    WITHDRAW = "withdraw", _("no longer wants it")
    EXPIRE = "expire", _("the time it was for is over")


class Source(models.TextChoices):
    FORM = "form", _("sign-up form")
    IMPORT = "import", _("import")
    STAFF = "staff", _("told a member of staff")
    PHONE = "phone", _("on the phone")
    API = "api", _("another system")
    PREFERENCE_PAGE = "preference_page", _("preference page")
    STATEMENT = "statement", _("in their own words")
    ONE_CLICK = "one_click", _("unsubscribe button of the mail program")
    PROVIDER = "provider", _("e-mail provider")
    HOST_FLAG = "host_flag", _("flag in the CRM")
    EXPIRY = "expiry", _("by itself, when its time was over")


class Basis(models.TextChoices):
    """Why a wish counts (GDPR article 6, in plain words)."""

    CONSENT = "consent", _("they said yes to it")
    INTEREST = "interest", _("they showed that they are interested, and it is documented")
    CONTRACT = "contract", _("it belongs to what they ordered or booked")
