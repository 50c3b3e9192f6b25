"""Pages that the server draws whole: no script, nothing loaded, for both colour schemes, any width and direction."""

import base64
import hashlib
from html import escape

from aws_lambda_powertools.event_handler import Response

from hark.web.page_language import direction

STYLE = (
    ":root{color-scheme:light dark}body{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:2rem auto;"
    "padding:0 1rem;color:#1b1b1b;background:#fff}fieldset{border:0;padding:0;margin:0 0 1rem}"
    "label{display:block;padding:.5rem 0}textarea{width:100%;box-sizing:border-box;font:inherit}"
    "button{font:inherit;padding:.5rem 1.5rem}a{display:inline-block;min-width:2.5rem;padding:.5rem 0}"
    "@media(prefers-color-scheme:dark){body{color:#eee;background:#161616}}"
)
_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def drawn(
    status: int, language: str, title: str, heading: str, body: str, headers: dict[str, str] | None = None
) -> Response[str]:
    """A page in a language.

    Args:
        title: of the tab, as text.
        heading: what stands over everything, as text.
        body: HTML.
        headers: beside the policy and the language.
    """
    html = (
        f'<!doctype html><html lang="{language}" dir="{direction(language)}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style></head><body><main><h1>{escape(heading)}</h1>{body}</main></body></html>"
    )
    told = {"content-security-policy": POLICY, "content-language": language, **(headers or {})}
    return Response(status, "text/html; charset=utf-8", html, headers=told)
