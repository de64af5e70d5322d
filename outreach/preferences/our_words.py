"""The only writer of Wording: what we say to people when they agree, kept once and for ever."""

from hashlib import sha256

from outreach.preferences.models import Wording


def our_words(text: str, *, language: str = "", version: str = "") -> Wording:
    """The row for a wording, made when it is first used.

    `language` is its code ("it"), `version` what its author calls it. The same words in the same
    language are the same wording, whatever they were called since. Nothing personal belongs in it:
    it cannot be erased.
    """
    row, _is_new = Wording.objects.get_or_create(
        digest=sha256(f"{language}\n{text}".encode()).hexdigest(),
        defaults={"text": text, "language": language[:10], "version": version[:40]},
    )
    return row
