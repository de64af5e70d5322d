import re

_NOT_TEXT = re.compile("[\x00\ud800-\udfff]")


def storable(value: object, *, most: int) -> str:
    """Foreign text as every database takes it: no NUL, no lone surrogate, at most `most` long.

    None and whatever has no text become "".
    """
    try:
        text = "" if value is None else str(value)
    except Exception:  # what parsers of mail hand out may raise anything
        return ""
    return _NOT_TEXT.sub("\ufffd", text[:most])
