"""What people ordered and when, and since when they are known."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from project.crm.invent.dice import Dice
from project.crm.invent.plan import Plan
from project.crm.invent.rows import CompanyRow, ContactRow, Customers, OrderRow

PRIVATE: dict[str, float] = {"never": 49, "once": 23, "at_times": 13, "loyal": 4, "lapsed": 11}
TRADE: dict[str, float] = {"never": 28, "once": 18, "at_times": 24, "loyal": 9, "lapsed": 21}
# How far each month of the year tempts to buy wine: Christmas above all, August least.
SEASON = (0.6, 0.6, 0.8, 1.0, 1.0, 0.9, 0.7, 0.5, 1.0, 1.2, 1.6, 2.0)
BOTTLE = [Decimal(price) for price in ("8.50", "9.90", "12.00", "14.50", "18.00", "24.00", "38.00")]
DELIVERY = Decimal("9.90")
FREE_DELIVERY_FROM = Decimal(120)
TRADE_SHARE = Decimal("0.65")
BOOKS_OPENED = date(2019, 3, 4)
FOUNDED = date(1998, 9, 1)
LAPSED_FOR = timedelta(days=430)


def invent_history(dice: Dice, plan: Plan, customers: Customers) -> None:
    for contact in customers.contacts:
        days = _order_days(dice, plan, contact)
        customers.orders += [_order(dice, plan, contact, day) for day in days]
        _set_dates(dice, plan, contact, days)
    for company in customers.companies:
        company.created_at = _met(company, customers.contacts)


def _order_days(dice: Dice, plan: Plan, contact: ContactRow) -> list[date]:
    first, last = plan.orders_from, plan.until - timedelta(days=1)
    match dice.weigh(TRADE if contact.company else PRIVATE):
        case "once":
            # The later of two, since the house grows and newcomers are many.
            return [max(_day(dice, first, last), _day(dice, first, last))]
        case "at_times":
            began = _day(dice, first, last - timedelta(days=90))
            return sorted({_day(dice, began, last) for _ in range(dice.between(2, 4))})
        case "lapsed":
            ended = last - LAPSED_FOR
            return sorted({_day(dice, first, ended) for _ in range(dice.between(1, 4))})
        case "loyal":
            return _regular_days(dice, first, last, dice.between(6, 15))
    return []


def _regular_days(dice: Dice, first: date, last: date, count: int) -> list[date]:
    """One day in each stretch of time, so that no long silence falls between two orders."""
    stretch = (last - first).days // count
    starts = [last - timedelta(days=stretch * n) for n in range(count, 0, -1)]
    return [_day(dice, start + timedelta(days=1), start + timedelta(stretch)) for start in starts]


def _day(dice: Dice, first: date, last: date) -> date:
    while True:
        day = dice.day(first, last)
        if dice.chance(SEASON[day.month - 1] / max(SEASON)):
            return day


def _order(dice: Dice, plan: Plan, contact: ContactRow, day: date) -> OrderRow:
    total = _trade_total(dice) if contact.company else _private_total(dice)
    status = _status(dice, plan.until - day)
    return OrderRow(contact=contact, ordered_on=day, status=status, total=total)


def _private_total(dice: Dice) -> Decimal:
    bottles = dice.weigh({6: 6, 12: 4, 18: 2, 24: 1})
    goods = dice.pick(BOTTLE) * bottles
    return goods if goods >= FREE_DELIVERY_FROM else goods + DELIVERY


def _trade_total(dice: Dice) -> Decimal:
    total = dice.pick(BOTTLE) * 6 * dice.between(4, 40) * TRADE_SHARE
    return total.quantize(Decimal("0.01"))


def _status(dice: Dice, age: timedelta) -> str:
    if age.days <= 3:
        return "placed"
    if age.days <= 9:
        return "paid"
    if age.days <= 20:
        return "shipped"
    return dice.weigh({"delivered": 955, "cancelled": 30, "returned": 15})


def _set_dates(dice: Dice, plan: Plan, contact: ContactRow, days: list[date]) -> None:
    last = plan.until - timedelta(days=1)
    if not days:
        met = dice.day(BOOKS_OPENED, last)
    elif len(days) > 1 and dice.chance(0.4):
        contact.customer_since = dice.day(_of_age(contact), plan.orders_from)
        met = max(BOOKS_OPENED + timedelta(days=dice.between(0, 60)), contact.customer_since)
    else:
        contact.customer_since = met = days[0]
    contact.created_at = _office_hours(dice, met)
    contact.updated_at = _office_hours(dice, dice.day(max([met, *days]), last))
    if contact.updated_at < contact.created_at:
        contact.updated_at = contact.created_at


def _of_age(contact: ContactRow) -> date:
    """The first day they could have bought wine from us."""
    return max(FOUNDED, date(contact.birthday.year + 19, 1, 1)) if contact.birthday else FOUNDED


def _office_hours(dice: Dice, day: date) -> datetime:
    minute = dice.between(7 * 60, 16 * 60)
    return datetime.combine(day, time(minute // 60, minute % 60, dice.between(0, 59)), UTC)


def _met(company: CompanyRow, contacts: list[ContactRow]) -> datetime:
    """A company is entered just before the first of its people."""
    known = [contact.created_at for contact in contacts if contact.company is company]
    return min(known) - timedelta(minutes=2) if known else company.created_at
