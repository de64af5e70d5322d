"""Who may be written to, and why not: by loops over plain rows, as docs/eligibility.md says it.

Deliberately slow and simple, and written from the documentation: it shares no code with the app.
"""

from collections.abc import Callable

from tests.eligibility.asked import Asked
from tests.eligibility.world import (
    CHANNEL_OF,
    DAY,
    RULE_GROUP,
    Message,
    Stop,
    World,
)

CAP_DAYS, SIGN_WITHIN = 7, 30 * DAY
DATES_OF = {"weekly": 7, "monthly": 30}
STAGES = ("stranger", "introduced", "lapsed", "acquainted", "customer")
BY_THEMSELVES = ("preference_page", "form", "staff", "phone")


def reasons(world: World, who: int, *, is_run: bool) -> list[str]:
    """Every reason, in the order of the table in the documentation."""
    asked = Asked(world, who, is_run)
    is_routine = asked.purpose == "routine"
    return [
        code
        for code, says_no, binds_routine in TABLE
        if (binds_routine or not is_routine) and says_no(asked)
    ]


def erased(asked: Asked) -> bool:
    return asked.person.is_erased


def _is_gone(world: World, who: int) -> bool:
    links = [link for link in world.links if link.person == who]
    return bool(links) and all(link.is_gone for link in links)


def gone(asked: Asked) -> bool:
    return _is_gone(asked.world, asked.who)


def no_address(asked: Asked) -> bool:
    return asked.address is None


def _share_any(world: World, one: int, other: int) -> bool:
    return bool(set(world.people[one].addresses) & set(world.people[other].addresses))


def _is_there(world: World, who: int, address: int) -> bool:
    """Whether this person still is who has the address."""
    return address in world.people[who].addresses and not _is_gone(world, who)


def _binds(stop: Stop, asked: Asked) -> bool:
    world, own = asked.world, asked.person.addresses
    if stop.is_lifted or stop.channel not in ("", world.channel):
        return False
    if stop.person == asked.who or (stop.address is not None and stop.address == asked.address):
        return True
    if stop.reason == "hard_bounce":
        return False
    if stop.person is not None:
        if asked.address is not None and asked.address in world.people[stop.person].addresses:
            return True
        if _is_gone(world, stop.person) and _share_any(world, stop.person, asked.who):
            return True
        has_left = stop.address is not None and not _is_there(world, stop.person, stop.address)
        return has_left and stop.address in own
    return stop.reason == "unsubscribed" and stop.address in own


def stopped(asked: Asked) -> bool:
    return any(s.reason == "unsubscribed" and _binds(s, asked) for s in asked.world.stops)


def suppressed(asked: Asked) -> bool:
    return any(s.reason != "unsubscribed" and _binds(s, asked) for s in asked.world.stops)


def host_opt_out(asked: Asked) -> bool:
    for link in asked.world.links:
        if link.is_marked:
            theirs = asked.world.people[link.person].addresses
            if link.person == asked.who or (asked.address is not None and asked.address in theirs):
                return True
            if link.is_gone and _share_any(asked.world, link.person, asked.who):
                return True
    return False


def _last_word(asked: Asked, channel: str) -> tuple[str, str, int, bool]:
    """The last act about the topic on a channel: what, by what way, when, whether it counts."""
    found = ("", "", 0, False)
    for act in asked.world.acts:
        if (act.person, act.topic, act.channel) == (asked.who, 0, channel):
            counts = act.act == "grant" and (act.until is None or act.until > 0)
            found = (act.act, act.source, act.at, counts)
    return found


def opted_out(asked: Asked) -> bool:
    world = asked.world
    if _last_word(asked, world.channel)[0] == "withdraw":
        return True
    for act in world.acts:
        if act.objects_at is not None and act.topic == 0:
            if act.objects_at == asked.address:
                return True
            is_on_channel = CHANNEL_OF[act.objects_at] == world.channel
            has_left = not _is_there(world, act.person, act.objects_at)
            if is_on_channel and has_left and act.objects_at in asked.person.addresses:
                return True
    return False


def told_against(asked: Asked) -> bool:
    world = asked.world
    _act, source, wished_at, counts = _last_word(asked, world.channel)
    for said in world.said:
        if said.topic != 0 or said.is_for or said.is_taken_back:
            continue
        is_of_one_gone = _is_gone(world, said.person) and _share_any(world, said.person, asked.who)
        if said.person != asked.who and not is_of_one_gone:
            continue
        has_wished = counts and source in BY_THEMSELVES and wished_at > said.at
        has_said_for = any(
            later.person == asked.who
            and later.topic == 0
            and later.is_for
            and not later.is_taken_back
            and later.at > said.at
            for later in world.said
        )
        if not has_wished and not has_said_for:
            return True
    return False


def _wants_on(asked: Asked, channel: str) -> bool:
    return _last_word(asked, channel)[3]


def other_channel(asked: Asked) -> bool:
    return not _wants_on(asked, asked.world.channel) and any(
        _wants_on(asked, channel) for channel in CHANNEL_OF if channel != asked.world.channel
    )


def no_consent(asked: Asked) -> bool:
    return not _wants_on(asked, asked.world.channel)


def too_new(asked: Asked) -> bool:
    least = asked.world.house.least_stage
    return STAGES.index(asked.person.stage) < STAGES.index(least)


def paused(asked: Asked) -> bool:
    return any(b.person == asked.who and b.starts <= 0 < b.ends for b in asked.world.breaks)


def too_often(asked: Asked) -> bool:
    for wish in asked.world.frequencies:
        if wish.person == asked.who and wish.topic == 0:
            near = DATES_OF[wish.at_most] - 1
            for campaign, message in asked.own_messages():
                if campaign.topic == 0 and _is_near(message, near):
                    return True
    return False


def _is_near(message: Message, dates: int) -> bool:
    return message.counts_on is not None and abs(message.counts_on) <= dates


def silent(asked: Asked) -> bool:
    house, last_sign = asked.world.house, asked.person.last_sign
    messages = [m for c in asked.world.campaigns if c.topic == 0 for m in c.messages]
    ignored = [
        message
        for message in messages
        if message.person == asked.who
        and message.delivered is not None
        and message.delivered <= -SIGN_WITHIN
        and (last_sign is None or last_sign < message.delivered)
    ]
    enough = house.topic_silent_after or house.silent_after
    return len(ignored) >= enough and any(message.asks for message in ignored)


def won_back(asked: Asked) -> bool:
    if asked.person.stage != "lapsed":
        return False
    since = [
        message
        for campaign, message in asked.own_messages()
        if message.counts_on is not None
        and campaign.started is not None
        and campaign.started >= asked.person.stage_since
    ]
    return len(since) >= asked.world.house.win_backs


def first_not_sale(asked: Asked) -> bool:
    if asked.campaign.approach != "sale":
        return False
    for campaign, message in asked.own_messages():
        if campaign.approach == "sale" or message.state not in ("sent", "delivered"):
            continue
        for group in set(campaign.groups) & set(asked.campaign.groups):
            if group == RULE_GROUP:
                return False
            for member in asked.world.members:
                is_of_them = (member.person, member.group) == (asked.who, group)
                started = campaign.started
                if is_of_them and started is not None and member.since <= started:
                    return False
    return True


def coordinated(asked: Asked) -> bool:
    if asked.campaign.coordination is None:
        return False
    for campaign, message in asked.own_messages():
        if message.is_coordinated and campaign.coordination == asked.campaign.coordination:
            is_given_up = message.state == "planned" and campaign.rank > asked.campaign.rank
            if not is_given_up:
                return True
    return False


def capped(asked: Asked) -> bool:
    if asked.campaign.cap_reason:
        return False
    near = [m for _c, m in asked.messages() if _is_near(m, CAP_DAYS - 1)]
    of_person = [m for m in near if m.person == asked.who]
    at_address = [m for m in near if m.address == asked.address]
    return max(len(of_person), len(at_address)) >= asked.world.house.cap_messages


def shared_address(asked: Asked) -> bool:
    return any(
        m.person != asked.who and m.address == asked.address and m.state not in OUT
        for m in (asked.campaign.messages if asked.is_run else ())
    )


OUT = ("excluded", "withdrawn")
PASS, BOUND = False, True
TABLE: tuple[tuple[str, Callable[[Asked], bool], bool], ...] = (
    ("erased", erased, BOUND),
    ("gone", gone, PASS),
    ("no_address", no_address, BOUND),
    ("stopped", stopped, PASS),
    ("host_opt_out", host_opt_out, PASS),
    ("suppressed", suppressed, BOUND),
    ("opted_out", opted_out, PASS),
    ("told_against", told_against, PASS),
    ("other_channel", other_channel, PASS),
    ("no_consent", no_consent, PASS),
    ("too_new", too_new, PASS),
    ("paused", paused, PASS),
    ("too_often", too_often, PASS),
    ("silent", silent, PASS),
    ("won_back", won_back, PASS),
    ("first_not_sale", first_not_sale, PASS),
    ("coordinated", coordinated, PASS),
    ("capped", capped, PASS),
    ("shared_address", shared_address, BOUND),
)
