# ruff: noqa: RUF001
"""Names as they stand in addresses: plain ASCII letters."""

import re
import unicodedata

from project.crm.invent.words import words

CYRILLIC = {
    letter: latin
    for letter, _, latin in (
        pair.partition("=")
        for pair in words("""
            а=a, б=b, в=v, г=g, д=d, е=e, ё=e, ж=zh, з=z, и=i, й=y, к=k, л=l, м=m, н=n, о=o, п=p,
            р=r, с=s, т=t, у=u, ф=f, х=kh, ц=ts, ч=ch, ш=sh, щ=shch, ъ=, ы=y, ь=, э=e, ю=yu, я=ya,
            ә=a
        """)
    )
}
LATIN = {"ß": "ss", "ø": "o", "æ": "ae", "ł": "l", "ü": "ue", "ö": "oe"}


def plain(text: str, *, between: str) -> str:
    """Transliterated lower-case words, joined by between: "María José" -> "maria.jose"."""
    lower = unicodedata.normalize("NFC", text).lower()
    letters = "".join(CYRILLIC.get(c, LATIN.get(c, c)) for c in lower)
    ascii_only = unicodedata.normalize("NFD", letters).encode("ascii", "ignore").decode()
    return between.join(re.findall(r"[a-z0-9]+", re.sub(r"['’`.]", "", ascii_only)))
