"""kombu's broker of files, made safe for the demo: a message is there whole or not at all.

kombu's own shows a file before it is written. Who reads it in that instant gets nothing, fails to
understand it, and the worker ends. A wake-up call that gets lost costs nothing: the work is in the
database, and beat calls again.
"""

import os
from pathlib import Path
from queue import Empty
from time import monotonic
from typing import Any
from uuid import uuid4

from kombu.transport import filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]
        folder = Path(self.data_folder_out)
        whole = folder / f"{round(monotonic() * 1000)}_{uuid4()}.{queue}.msg"
        being_written = whole.with_name(f"{whole.name}.part")
        being_written.write_text(dumps(payload))
        os.replace(being_written, whole)

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        try:
            return super()._get(queue)
        except ValueError as error:  # written by somebody else, and not whole
            raise Empty from error


class Transport(filesystem.Transport):
    Channel = Channel
