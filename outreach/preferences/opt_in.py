from django.db import models
from django.utils.translation import gettext_lazy as _


class OptIn(models.TextChoices):
    """Whether a form alone is enough, or the mailbox has to say yes as well (B7)."""

    SINGLE = "single", _("at once")
    DOUBLE = "double", _("after a press on the button in a message of ours")


class AsksOnce(models.Model):
    """A topic says how a wish that came by a form begins to count."""

    opt_in = models.CharField(
        _("a wish from a form counts"),
        max_length=6,
        choices=OptIn.choices,
        default=OptIn.DOUBLE,
        help_text=_(
            "Anybody can type an address. With the button, only whoever reads the mailbox can say "
            "yes for it; some countries ask for that."
        ),
    )

    class Meta:
        abstract = True
