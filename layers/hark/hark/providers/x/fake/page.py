"""The public timeline of the fake X as a page: threads, newest first, so that a newcomer sees an answer arrive."""

from __future__ import annotations

import re
from html import escape

from hark.providers.x.fake.world import Post, World

THREADS = 60
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

_STYLE = """
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { max-width: 42rem; margin: 0 auto; padding: 1rem; }
header p { margin: 0; opacity: .8; }
article { border: 1px solid color-mix(in srgb, currentColor 22%, transparent); border-radius: .75rem;
  margin: 1rem 0; padding: .25rem 1rem; }
section { margin: .75rem 0; }
section + section { border-top: 1px solid color-mix(in srgb, currentColor 12%, transparent); padding-top: .75rem; }
.reply { margin-inline-start: 1.5rem; }
.brand h2::after { content: "our brand"; font-size: .75rem; font-weight: 400; margin-inline-start: .5rem;
  padding: .1rem .5rem; border-radius: 1rem; background: #0b5; color: #000; }
h1 { font-size: 1.25rem; margin: 0; }
h2 { font-size: 1rem; margin: 0; }
h2 span, time { font-weight: 400; opacity: .75; }
p { margin: .25rem 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.gone { font-style: italic; opacity: .75; }
blockquote { margin: .25rem 0; padding-inline-start: .75rem; border-inline-start: 3px solid currentColor; opacity: .8; }
"""


def render(world: World) -> bytes:
    """The page, as UTF-8. Every text is escaped and laid out in its own direction."""
    threads: dict[str, list[Post]] = {}
    for post in world.posts():
        if post.is_newest:
            threads.setdefault(post.conversation_id, []).append(post)
    shown = list(threads.values())[:THREADS]
    articles = "".join(f"<article>{''.join(_section(p, world) for p in reversed(t))}</article>" for t in shown)
    empty = "<p>Nobody has said anything yet.</p>"
    return (
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
        "<meta http-equiv=refresh content=3><title>The fake X</title>"
        f"<style>{_STYLE}</style><body><header><h1>The fake X</h1>"
        f"<p>What the public sees: {len(threads)} threads around @{escape(world.brand.username)}. "
        "This page renews itself every three seconds.</p></header>"
        f"<main>{articles or empty}</main></body></html>"
    ).encode()


def _text(text: str) -> str:
    # A page ignores isolated parts when it looks for the direction of a text, and so the handle in front of it.
    return re.sub(r"@[A-Za-z0-9_]+", r"<bdi>\g<0></bdi>", escape(text))


def _section(post: Post, world: World) -> str:
    classes = ["reply"] if post.parent else []
    if post.author.id == world.brand.id:
        classes.append("brand")
    edited = " · edited" if len(post.versions) > 1 else ""
    if post.gone:
        body = "<p class=gone>This post was deleted by its author.</p>"
    else:
        language = f" lang='{escape(post.language)}'" if post.language else ""
        body = f"<p dir=auto{language}>{_text(post.text)}</p>"
        if post.quoted is not None:
            quoted = "deleted" if post.quoted.gone else _text(post.quoted.text)
            body += f"<blockquote dir=auto>@{escape(post.quoted.author.username)}: {quoted}</blockquote>"
    return (
        f"<section class='{' '.join(classes)}' id='p{post.id}'>"
        f"<h2><bdi>{escape(post.author.name)}</bdi> <span>@{escape(post.author.username)}</span></h2>{body}"
        f"<time datetime='{post.at.isoformat()}'>{post.at:%d %b %H:%M:%S} UTC{edited}</time></section>"
    )
