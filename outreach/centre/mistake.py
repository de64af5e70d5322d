"""What a person filled in and can put right: the page comes back with what they typed."""

from outreach.exceptions import OutreachError


class Mistake(OutreachError):
    """`field` is the id of the field on the page, `text` what to do, `typed` as it was sent."""

    def __init__(self, field: str, text: str, *, typed: str = "") -> None:
        super().__init__(text)
        self.field, self.text, self.typed = field, text, typed
