"""A fake's public page: threads, newest first, so that a newcomer sees an answer arrive."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape

from hark.testkit.http_server import Answer

THREADS = 60
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

_STYLE = """
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { max-width: 42rem; margin: 0 auto; padding: 1rem; }
header p { margin: 0; opacity: .8; }
article { border: 1px solid color-mix(in srgb, currentColor 22%, transparent); border-radius: .75rem;
  margin: 1rem 0; padding: .25rem 1rem; }
article > h2 { font-size: .8rem; font-weight: 600; opacity: .75; margin: .5rem 0 0; }
section { margin: .75rem 0; }
section + section { border-top: 1px solid color-mix(in srgb, currentColor 12%, transparent); padding-top: .75rem; }
.reply { margin-inline-start: 1.5rem; }
.brand h3::after { content: "our brand"; font-size: .75rem; font-weight: 400; margin-inline-start: .5rem;
  padding: .1rem .5rem; border-radius: 1rem; background: #0b5; color: #000; }
h1 { font-size: 1.25rem; margin: 0; }
h3 { font-size: 1rem; margin: 0; }
h3 span, time { font-weight: 400; opacity: .75; }
p { margin: .25rem 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.note { font-style: italic; opacity: .75; }
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One message as the public sees it. `note` is said instead of or after the text ("deleted", "a picture")."""

    author: str
    handle: str
    text: str
    at: datetime
    brand: bool = False
    reply: bool = False
    note: str = ""
    language: str = ""
    mark: str = ""
    """Stands beside the time: "edited", "liked"."""


@dataclass(frozen=True, slots=True)
class Thread:
    """Lines that belong together, oldest first, under a title."""

    title: str
    lines: Sequence[Line]


def render(title: str, introduction: str, threads: Sequence[Thread]) -> Answer:
    """The page. Every text is escaped and laid out in its own direction; threads come in the order given."""
    articles = "".join(
        f"<article><h2>{escape(t.title)}</h2>{''.join(map(_section, t.lines))}</article>" for t in threads[:THREADS]
    )
    empty = "<p>Nobody has said anything yet.</p>"
    body = (
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
        f"<meta http-equiv=refresh content=3><title>{escape(title)}</title>"
        f"<style>{_STYLE}</style><body><header><h1>{escape(title)}</h1>"
        f"<p>{escape(introduction)} This page renews itself every three seconds.</p></header>"
        f"<main>{articles or empty}</main></body></html>"
    )
    headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": POLICY}
    return Answer(200, body.encode(), headers)


def _text(text: str) -> str:
    # A page ignores isolated parts when it looks for the direction of a text, and so the handle in front of it.
    return re.sub(r"@[A-Za-z0-9_]+", r"<bdi>\g<0></bdi>", escape(text))


def _section(line: Line) -> str:
    classes = " ".join(name for name, wanted in (("reply", line.reply), ("brand", line.brand)) if wanted)
    language = f" lang='{escape(line.language)}'" if line.language else ""
    said = f"<p dir=auto{language}>{_text(line.text)}</p>" if line.text else ""
    note = f"<p class=note>{escape(line.note)}</p>" if line.note else ""
    handle = f" <span>@{escape(line.handle)}</span>" if line.handle else ""
    mark = f" · {escape(line.mark)}" if line.mark else ""
    return (
        f"<section class='{classes}'><h3><bdi>{escape(line.author)}</bdi>{handle}</h3>{said}{note}"
        f"<time datetime='{line.at.isoformat()}'>{line.at:%d %b %H:%M:%S} UTC{mark}</time></section>"
    )
