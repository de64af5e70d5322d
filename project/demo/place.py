"""The demo's own place on the disk: one demo at a time, since each begins anew."""

import fcntl
from pathlib import Path
from typing import IO


def hold(place: Path) -> IO[str] | None:
    """Keep this place until the file that is returned is closed; None if another demo has it."""
    place.mkdir(parents=True, exist_ok=True)
    lock = (place / "lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        return None
    return lock
