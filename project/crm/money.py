from decimal import Decimal

from django.utils.formats import number_format


def euros(amount: Decimal) -> str:
    """An amount as a person reads it, in the active locale: €1,234.50."""
    return "€" + number_format(amount, decimal_pos=2, force_grouping=True)
