"""The FAQ as one page of HTML for a brand's own site: no script, no file beside it, nothing of a customer (I4)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from hark.domain.canned import Entry

RIGHT_TO_LEFT = frozenset({"ar", "he", "fa", "ur"})

_LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)]")
_STYLE = "body{font:1rem/1.5 system-ui,sans-serif;max-inline-size:45rem;margin:2rem auto;padding-inline:1rem}"


def on_page(entries: Sequence[Entry]) -> list[Entry]:
    """The entries that stand on the page: approved, public, of the FAQ, and without gaps to fill in."""
    chosen = (e for e in entries if e.kind == "faq" and e.standing == "approved" and e.public and "{" not in e.text)
    return sorted(chosen, key=lambda e: (e.language, e.title.casefold(), e.id))


def page(brand_name: str, entries: Sequence[Entry]) -> str:
    """The whole page, a part for each language. Empty parts are left out."""
    chosen = on_page(entries)
    parts = [_part(language, [e for e in chosen if e.language == language]) for language in _languages(chosen)]
    title = escape(f"{brand_name}: FAQ" if brand_name else "FAQ")
    return (
        f'<!doctype html>\n<html lang="{_languages(chosen)[0] if chosen else "en"}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title}</title>\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n{''.join(parts)}</body>\n</html>\n"
    )


def _languages(entries: Sequence[Entry]) -> list[str]:
    return sorted({entry.language for entry in entries})


def _part(language: str, entries: Sequence[Entry]) -> str:
    direction = "rtl" if language.split("-")[0] in RIGHT_TO_LEFT else "ltr"
    rows = "".join(
        f'<h2 id="{escape(entry.id)}">{escape(entry.title)}</h2>\n<p>{_linked(entry.text)}</p>\n' for entry in entries
    )
    return f'<section lang="{escape(language)}" dir="{direction}">\n{rows}</section>\n'


def _linked(text: str) -> str:
    """The text for HTML: everything escaped, line breaks kept, http and https addresses as links."""
    made, last = [], 0
    for link in _LINK.finditer(text):
        address = escape(link[0])
        made += [escape(text[last : link.start()]), f'<a href="{address}" rel="noopener">{address}</a>']
        last = link.end()
    return "".join([*made, escape(text[last:])]).replace("\n", "<br>\n")
