"""What happened, as a table; every figure is read from the database, and they have to add up."""

from outreach.ledger.models import Delivery, Run
from project.demo.story import Told

WIDTH = 64


def show(told: Told, complaints: list[str]) -> bool:
    """Print the table; returns whether the story came out.

    `complaints` are the logs of processes that had an error.
    """
    assert told.run is not None
    assert told.figures is not None
    run = Run.objects.get(pk=told.run.pk)
    figures = told.figures
    rows = Delivery.objects.filter(run=run)
    sent = rows.filter(attempts__outcome="accepted").distinct().count()
    delivered = rows.filter(state=Delivery.State.DELIVERED).count()
    print(f"\n  {run.campaign}\n  {'-' * (WIDTH + 14)}")
    _line("in the groups", figures.candidates)
    for bar in figures.bars:
        _line(f"  {bar.sentence}", bar.count)
    _line("will be written to", figures.included)
    _line("approved by", told.approved_by)
    _line("sent", sent)
    _line("delivered", delivered)
    _line("came back: no such address", told.bounced)
    _line("marked as spam", told.complained)
    _line("dropped the topic on the preference page", told.opted_out)
    _line("pressed Unsubscribe", told.unsubscribed)
    _line("answered us", told.replied)
    _line("out-of-office notes, which start no clock", told.automatic)
    _line("answered by us in time", told.answered_in_time)
    _line("waiting for our answer, as it should be", told.waiting)
    checks = {
        "everybody in the groups is included or has a reason": figures.candidates
        == figures.included + sum(bar.count for bar in figures.bars),
        "who was to get it got it": figures.included == sent == told.messages_at_provider,
        "what was sent arrived or came back": sent == delivered + told.bounced,
        "there are people left out for many reasons": len(figures.bars) >= 7,
        "the author could not approve": told.author_was_refused,
        "an edit took the approval back": told.edit_voided,
        "opening links changed nothing": told.get_changed_nothing,
        "some addresses did not exist": told.bounced > 0,
        "two marked it as spam": told.complained == 2,
        "one dropped the topic, one pressed Unsubscribe": (told.opted_out, told.unsubscribed)
        == (1, 1),
        "of two who answered one had an answer in time and one waits": (
            told.replied,
            told.answered_in_time,
            told.waiting,
        )
        == (2, 1, 1),
        "one out-of-office note started no clock": told.automatic == 1,
        "outreach_doctor finds no violation": not any(f.violations for f in told.findings),
        "no process had an error": not complaints,
    }
    print()
    for sentence, came_out in checks.items():
        print(f"  {'ok ' if came_out else 'BAD'} {sentence}")
    for finding in told.findings:
        if finding.violations:
            print(f"      {finding.statement.sentence}: {finding.violations}")
    for log in complaints:
        print(f"      look into {log}")
    return all(checks.values())


def _line(what: str, figure: object) -> None:
    print(f"  {what:<{WIDTH}} {figure!s:>13}")
