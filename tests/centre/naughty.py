"""Strings that have broken somebody's pages, made up here, as the bytes a form may carry."""

from collections.abc import Iterator
from itertools import product

WRAPPED = ("{}", "Maria {}", "{}@example.com", "\">{}'")

SCRIPT = (
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</textarea><svg onload=alert(1)>",
    '" autofocus onfocus=alert(1) x="',
    "' onmouseover='alert(1)",
    "<img src=x onerror=alert(1)>",
    "<iframe srcdoc='&lt;b&gt;'></iframe>",
    "javascript:alert(1)",
    "<style>*{display:none}</style>",
    "<!--",
    "]]>",
    "&lt;script&gt;",
    "<a href=//evil.example>",
    "\\u003cscript\\u003e",
)
TEMPLATE = ("{{ 7*7 }}", "{% now 'Y' %}", "${7*7}", "#{7*7}", "<%= 7 %>", "{0}", "%(name)s", "%s%n")
SQL = (
    "' OR '1'='1",
    "'; DROP TABLE outreach_recipient; --",
    '" OR 1=1 --',
    "1) UNION SELECT 1",
    "%",
)
PATHS = (
    "../../etc/passwd",
    "..\\..\\windows",
    "/dev/null",
    "file:///etc/passwd",
    "C:\\NUL",
    "a/../b",
)
HEADERS = (
    "\r\nBcc: x@evil.example",
    "\nSet-Cookie: a=b",
    "\r\n\r\n<b>",
    "%0d%0aX: y",
    "\u2028X: y",
)
SHELL = ("$(id)", "`id`", "; id", "| id", "&& id", "() { :;}; id", "\\", "\\\\", "'\"")
NUMBERS = ("0", "-1", "1e309", "NaN", "Infinity", "0x1F", "99999999999999999999", "٣", "½", "1_0")
WORDS = ("null", "None", "undefined", "true", "[]", "{}", "email", "__proto__", "self", "password")
SEPARATORS = (
    "\x00",
    "\x01",
    "\x1b[31m",
    "\x7f",
    "\x85",
    "\u200b",
    "\ufeff",
    "\u00ad",
    "\t",
    "\x0b",
)
TURNED = ("\u202egnp.exe", "\u2066a\u2069", "\u200fa", "\u061ca")
LOOKALIKES = (
    "\u0430dmin",
    "\uff4d\uff41\uff52\uff49\uff41",
    "\uff45@\uff45.\uff45",
    "m\u0430ria@ex\u0430mple.com",
    "\ufb01",
    "\u0130",
    "\u0131",
    "\u00df",
    "\u017f",
    "\u2126",
)
PICTURES = (
    "😀",
    "👨‍👩‍👧‍👦",
    "🇮🇹",
    "👍🏽",
    "🏴\U000e0067\U000e0062",
    "\U0010ffff",
    "\ufffe",
    "\ue000",
)
STACKED = ("e" + "\u0301" * 50, "Z̴̀" * 20, "\u0c1c\u0c4d\u0c1e\u200c\u0c3e", "क्षि")
SCRIPTS = ("Мария Росси", "ماريا", "מריה", "マリア", "마리아", "Ἑλένη", "ꦲꦏ", "Ελένη")
ADDRESSES = (
    "a@b@c",
    "@",
    "a@",
    "a@b",
    "a@[127.0.0.1]",
    "a@-b.example",
    "a..b@example.com",
    "a@example..com",
    "<a@example.com>",
    "a@example.com, b@example.com",
    "a@example.com;b@example.com",
    "mailto:a@example.com?bcc=b@example.com",
    "a@xn--.example",
    "a@" + "b." * 200 + "com",
    "a" * 300 + "@example.com",
)
HUGE = (
    "x" * 10_000,
    "<" * 5_000,
    "é" * 3_000,
    "a@" * 3_000,
    "\n" * 2_000,
    " " * 9_000,
    "1" * 5_000,
)

FAMILIES = (
    SCRIPT,
    TEMPLATE,
    SQL,
    PATHS,
    HEADERS,
    SHELL,
    NUMBERS,
    WORDS,
    SEPARATORS,
    TURNED,
    LOOKALIKES,
    PICTURES,
    STACKED,
    SCRIPTS,
)
BROKEN = (
    b"\xed\xa0\x80",  # a lone surrogate
    b"\xed\xbf\xbf",
    b"\xff\xfe",
    b"\xc0\xaf",  # a slash, written too long
    b"\xf8\x88\x80\x80\x80",
    b"\x80",
    b"maria\xe9@example.com",
    b"\xe2\x82",  # cut in the middle
    b"\x00\x00\x00",
    b"<\xc0\xbcscript>",
)


def _all() -> Iterator[bytes]:
    for family in FAMILIES:
        for pattern, text in product(WRAPPED, family):
            yield pattern.replace("{}", text).encode("utf-8", "surrogatepass")
    for text, separator in product(SCRIPT[:4], SEPARATORS):
        yield text.replace("<", f"<{separator}").encode()
    yield from (text.encode() for text in (*ADDRESSES, *HUGE))
    yield from BROKEN


NAUGHTY: tuple[bytes, ...] = tuple(dict.fromkeys(_all()))
