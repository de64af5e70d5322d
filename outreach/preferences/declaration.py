"""The only writer of declarations: written, submitted, accepted by somebody else, or not."""

from contextlib import suppress
from functools import partial

from django.contrib.auth import get_user_model
from django.core.exceptions import EmptyResultSet
from django.db import connections, transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from outreach.exceptions import Conflict, Refused
from outreach.history.actor import Actor
from outreach.history.record import record
from outreach.periodic import wake
from outreach.preferences.declaration_models import DeclaredPerson, InterestDeclaration
from outreach.preferences.declaration_outcomes import count_outcomes
from outreach.preferences.declared import Outcome, State
from outreach.recipients.models import Recipient
from outreach.tenancy import tenancy

PERMISSION = "outreach.accept_interestdeclaration"
MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"


def save_declaration(declaration: InterestDeclaration, *, by: Actor) -> None:
    """Keep a draft. Raises Refused for whoever did not begin it, and once it is submitted."""
    is_new = declaration._state.adding
    with transaction.atomic():
        if is_new:
            declaration.made_by_key, declaration.made_by = by.key, by.name
        else:
            locked_draft(declaration, by=by)
        declaration.save()
        record(declaration, f"declaration.{'begun' if is_new else 'changed'}", by=by)


def fill(
    declaration: InterestDeclaration, people: QuerySet[Recipient], *, by: Actor, note: str
) -> int:
    """Put people into a draft by INSERT … SELECT; returns how many were not in it before."""
    with transaction.atomic():
        draft = locked_draft(declaration, by=by)
        added = 0
        with suppress(EmptyResultSet):  # a group that can have no member
            added = _insert(draft, people.filter(tenant=draft.tenant))
        record(draft, "declaration.filled", by=by, note=f"{added}: {note}")
    return added


def empty(declaration: InterestDeclaration, *, by: Actor) -> int:
    """Take everybody out of a draft again; returns how many there were."""
    with transaction.atomic():
        draft = locked_draft(declaration, by=by)
        removed, _by_model = DeclaredPerson.objects.filter(declaration=draft).delete()
        record(draft, "declaration.emptied", by=by, note=str(removed))
    return removed


def submit(declaration: InterestDeclaration, *, by: Actor) -> None:
    """Put it before a second person. Raises Refused where it would record nobody."""
    with transaction.atomic():
        draft = locked_draft(declaration, by=by)
        if is_over(draft):
            raise Refused(_("The day until which it counts is over. Change it, or leave it."))
        if not count_outcomes(draft).get(Outcome.RECORDED):
            raise Refused(_("Nobody would be recorded. Add people who have not answered yet."))
        _move(declaration, State.DRAFT, State.SUBMITTED, submitted_at=timezone.now())
        record(declaration, "declaration.submitted", by=by)


def take_back(declaration: InterestDeclaration, *, by: Actor) -> None:
    """Make a draft of it again, as long as nobody has decided. For whoever made it."""
    with transaction.atomic():
        _refuse_others(declaration, by)
        _move(declaration, State.SUBMITTED, State.DRAFT, submitted_at=None)
        record(declaration, "declaration.taken_back", by=by)


def accept(declaration: InterestDeclaration, *, by: Actor, seen: str, comment: str = "") -> None:
    """Let it be recorded. `seen` is the version that the reader looked at.

    Raises Refused for whoever made it, Conflict when it has changed or is decided.
    """
    if is_over(declaration):
        raise Refused(_("The day until which it counts is over, so there is nothing to record."))
    with transaction.atomic():
        _decide(declaration, State.ACCEPTED, by, seen, comment)
        transaction.on_commit(partial(wake, "declarations"))


def refuse(declaration: InterestDeclaration, *, by: Actor, seen: str, comment: str) -> None:
    """Say no for good, with the reason. Raises as `accept`."""
    if not comment.strip():
        raise Refused(_("Say in the comment why, so that whoever made it knows."))
    with transaction.atomic():
        _decide(declaration, State.REFUSED, by, seen, comment)


def stop(declaration: InterestDeclaration, *, by: Actor) -> None:
    """Record nobody else of it; what is recorded stays until it is taken back person by person."""
    with transaction.atomic():
        _move(declaration, State.ACCEPTED, State.STOPPED, recorded_at=timezone.now())
        leave_out_the_rest(declaration)
        record(declaration, "declaration.stopped", by=by)


def leave_out_the_rest(declaration: InterestDeclaration) -> None:
    """Nobody who has no outcome yet will have another one than this."""
    left = DeclaredPerson.objects.filter(declaration=declaration, outcome="")
    left.update(outcome=Outcome.LEFT, source="", wording="")


def is_over(declaration: InterestDeclaration) -> bool:
    """Whether the last day on which it counts has passed, in the site's own time zone."""
    today = timezone.localdate(timezone=timezone.get_default_timezone())
    return declaration.expires_on is not None and declaration.expires_on < today


def version_of(declaration: InterestDeclaration) -> str:
    """Names a declaration as it was submitted; what is changed has to be submitted anew."""
    return declaration.submitted_at.isoformat() if declaration.submitted_at else ""


def locked_draft(declaration: InterestDeclaration, *, by: Actor) -> InterestDeclaration:
    """The row itself, for its maker and while it is a draft. Raises Refused, Conflict."""
    row = InterestDeclaration.objects.select_for_update().get(pk=declaration.pk)
    _refuse_others(row, by)
    if row.state != State.DRAFT:
        raise Conflict(_("It is submitted. Take it back first, then change it."))
    return row


def own_part(declaration: InterestDeclaration, by: Actor) -> str:
    """Why `by` may not decide, naming who can; empty when they may."""
    if not by.is_person:
        return _("A person has to decide on this.")
    if declaration.made_by_key != by.key:
        return ""
    names = _others_who_can(declaration)
    if not names:
        return _(
            "You made this declaration, so someone else has to accept it. Nobody else has the "
            "permission yet."
        )
    text = ngettext(
        "You made this declaration, so someone else has to accept it. %(names)s can.",
        "You made this declaration, so someone else has to accept it. %(names)s can.",
        len(names),
    )
    return text % {"names": get_text_list(names, _("and"))}


def _others_who_can(declaration: InterestDeclaration) -> list[str]:
    users = get_user_model()._default_manager
    if not hasattr(users, "with_perm"):  # a host's own manager
        return []
    allowed = tenancy().staff(users.with_perm(PERMISSION, backend=MODEL_BACKEND))
    actors = (Actor.of(user) for user in allowed[:6])
    return sorted(actor.name for actor in actors if actor.key != declaration.made_by_key)


def _refuse_others(declaration: InterestDeclaration, by: Actor) -> None:
    if declaration.made_by_key != by.key:
        text = _("%(name)s made this declaration. Make one of your own, or ask them to change it.")
        raise Refused(text % {"name": declaration.made_by})


def _decide(
    declaration: InterestDeclaration, to: State, by: Actor, seen: str, comment: str
) -> None:
    if own := own_part(declaration, by):
        raise Refused(own)
    if not seen or seen != version_of(declaration):
        raise Conflict(_("It has changed since you looked. Read it again, then decide."))
    _move(
        declaration,
        State.SUBMITTED,
        to,
        decided_by_key=by.key,
        decided_by=by.name,
        decided_at=timezone.now(),
        comment=comment.strip(),
    )
    record(declaration, f"declaration.{to}", by=by, note=comment.strip())


def _move(declaration: InterestDeclaration, frm: State, to: State, **values: object) -> None:
    """One change of state, once. Raises Conflict when somebody else was first."""
    rows = InterestDeclaration.objects.filter(pk=declaration.pk, state=frm)
    if frm == State.SUBMITTED:
        rows = rows.filter(submitted_at=declaration.submitted_at)
    if frm == State.ACCEPTED:
        rows = rows.filter(recorded_at__isnull=True)
    if not rows.update(state=to, **values):
        raise Conflict(_("Somebody was there before you. Look again at how it stands."))
    declaration.refresh_from_db()


def _insert(declaration: InterestDeclaration, people: QuerySet[Recipient]) -> int:
    # A name of our own for the key: what Django calls the column differs between its versions.
    keys = people.order_by().annotate(outreach_person=F("pk")).values_list("outreach_person")
    inner, params = keys.query.get_compiler(people.db).as_sql()
    connection = connections[people.db]
    table = connection.ops.quote_name(DeclaredPerson._meta.db_table)
    sql = f"""
        INSERT INTO {table} (declaration_id, recipient_id, source, wording, outcome)
        SELECT DISTINCT %s, outreach_person, '', '', ''
        FROM ({inner}) AS candidate
        WHERE NOT EXISTS (
            SELECT 1 FROM {table} AS held
            WHERE held.declaration_id = %s AND held.recipient_id = candidate.outreach_person
        )
    """  # noqa: S608  (only names of our own are put in)
    with connection.cursor() as cursor:
        cursor.execute(sql, [declaration.pk, *params, declaration.pk])
        added: int = cursor.rowcount
    return added
