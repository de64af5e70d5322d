"""Whether a mail was written by a machine (RFC 3834).

Only strong signs count: a person's message that is taken for a machine's would get no answer. So
`Precedence: list` is none (a mailing list may bring a person's words), nor is
`X-Auto-Response-Suppress`, which is about what the writer wants, not about who wrote.
"""

import re

from outreach.conversations.pieces import Pieces

PRECEDENCE = {"bulk", "junk", "auto_reply"}
MARKS = ("x-autoreply", "x-autorespond", "x-auto-reply", "x-fc-machinegenerated")
MACHINES = ("mailer-daemon@", "postmaster@")
SUBJECTS = re.compile(
    r"(automatic reply|auto-?reply|out of (the )?office|autoresponder|away from (the )?office"
    r"|risposta automatica|fuori sede|assenza dall'ufficio"
    r"|respuesta autom[aá]tica|fuera de (la )?oficina"
    r"|автоматический ответ|автоответ"
    r"|automatische antwort|abwesenheitsnotiz|réponse automatique)\b",
    re.IGNORECASE,
)


def is_automatic(pieces: Pieces, *, from_address: str, subject: str) -> bool:
    """`from_address` and `subject` as read from the same mail."""
    return (
        pieces.return_path == ""
        or pieces.first("return-path").strip() == "<>"
        or _says_so(pieces)
        or from_address.lower().startswith(MACHINES)
        or SUBJECTS.match(subject) is not None
    )


def _says_so(pieces: Pieces) -> bool:
    submitted = pieces.first("auto-submitted").partition(";")[0].strip().lower()
    return (
        submitted not in ("", "no")
        or pieces.first("precedence").strip().lower() in PRECEDENCE
        or any(pieces.first(mark).strip().lower() not in ("", "no", "false") for mark in MARKS)
        # A report about a mail: it came back, was delivered, was read (RFC 6522).
        or pieces.first("content-type").strip().lower().startswith("multipart/report")
    )
