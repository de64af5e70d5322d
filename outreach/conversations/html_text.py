"""The words of an HTML mail, in one pass over it: hostile markup must not cost more than length."""

import re
from html import unescape

_TOKENS = re.compile(r"<!--|-->|<[^<>]*>|[^<\-]+|[<\-]")
_NAME = re.compile(r"</?\s*([a-zA-Z][a-zA-Z0-9]*)")
UNSEEN = {"script", "style", "head", "title", "template", "noscript"}
ON_A_LINE_OF_ITS_OWN = {
    "address", "article", "blockquote", "br", "dd", "div", "dl", "dt", "footer", "h1", "h2", "h3",
    "h4", "h5", "h6", "header", "hr", "li", "ol", "p", "pre", "section", "table", "tr", "ul",
}  # fmt: skip


def text_of_html(html: str) -> str:
    """Text without tags, comments, scripts and styles; blocks begin on new lines."""
    words: list[str] = []
    until = ""
    for token in _TOKENS.findall(html):
        if until:
            if _ends(token, until):
                until = ""
        elif token == "<!--":  # noqa: S105  (a token of markup)
            until = "-->"
        elif token.startswith("<") and (name := _NAME.match(token)):
            tag = name[1].lower()
            if tag in UNSEEN and not token.startswith("</"):
                until = tag
            words.append("\n" if tag in ON_A_LINE_OF_ITS_OWN else "")
        elif not token.startswith("<!"):
            words.append(re.sub(r"\s+", " ", token))
    return _tidy(unescape("".join(words)))


def _ends(token: str, until: str) -> bool:
    if until == "-->":
        return token.endswith("-->")  # also in "<![endif]-->"
    name = _NAME.match(token)
    return token.startswith("</") and name is not None and name[1].lower() == until


def _tidy(text: str) -> str:
    lines = [" ".join(line.split()) for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
