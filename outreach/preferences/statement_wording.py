from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from outreach.preferences.wish_models import Statement


def what_it_is_about(statement: Statement) -> str:
    """For and against which topics it was read, for staff; prefetch `ties__topic`."""
    ties = list(statement.ties.all())
    sides = (
        (_("for %(topics)s"), [tie.topic.name for tie in ties if tie.is_for]),
        (_("against %(topics)s"), [tie.topic.name for tie in ties if not tie.is_for]),
    )
    words = [text % {"topics": get_text_list(names, _("and"))} for text, names in sides if names]
    if not words and statement.state == Statement.State.READ:
        return _("no topic")
    return "; ".join(words)
