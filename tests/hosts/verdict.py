"""What came of each step of the scenario, gathered in the host's process."""

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class Verdict:
    """`steps` maps each step to what was wrong with it; an empty text is success."""

    steps: dict[str, str] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """What is raised inside is the step's verdict, and the next step is played all the same."""
        if name in self.steps:
            raise ValueError(f"There are two steps {name!r}.")
        self.steps[name] = ""
        try:
            yield
        except (Exception, SystemExit):
            self.steps[name] = traceback.format_exc(limit=-8)


class Complaints(logging.Handler):
    """Errors that were logged and went no further, as those of a receiver."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(self.format(record))
