from django.db import models
from django.utils.translation import gettext_lazy as _


class Approach(models.TextChoices):
    """The way a message comes to people; results are compared by it (A7)."""

    GIFT = "gift", _("a gift")
    TASTING = "tasting", _("a tasting or trial")
    INVITATION = "invitation", _("an invitation")
    QUESTION = "question", _("a question")
    NEWS = "news", _("news")
    SALE = "sale", _("a sale")
