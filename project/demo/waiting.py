import time
from collections.abc import Callable


class NotInTimeError(Exception):
    """Something that should happen by itself did not."""


def wait_for(what: str, is_so: Callable[[], bool], *, within: float = 30.0) -> None:
    """Look again and again until `is_so`. Raises NotInTimeError, naming `what`."""
    deadline = time.monotonic() + within
    while not is_so():
        if time.monotonic() >= deadline:
            raise NotInTimeError(f"Waited {within:.0f} s in vain: {what}.")
        time.sleep(0.1)
