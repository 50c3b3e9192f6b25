"""Development sign-in: choose a demo person instead of typing a password. Part of the local cloud only.

Stands where the pool's hosted sign-in page stands when deployed (`SIGN_IN_URL` = `/dev` of the web port). A choice
logs in at the engine's real hosted page with that person's password and passes its redirect on, so that the desk's
own code flow (state, PKCE, token, user info) runs unchanged. Everything else under `/dev/` is the engine's.
"""

from __future__ import annotations

import asyncio
import http.client
from html import escape
from urllib.parse import parse_qs, parse_qsl, urlencode

from infra.local.asgi import App, Receive, Scope, Send
from infra.local.engine import HOST
from infra.local.people import PEOPLE, Passwords, person
from infra.local.web import Response, read_body, respond

PREFIX = "/dev"
_AUTHORIZE = f"{PREFIX}/oauth2/authorize"
_CHOOSE = f"{PREFIX}/sign-in"

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Development sign-in</title>
<link rel="icon" href="data:,">
<style>
  body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 26rem; margin: 12vh auto; padding: 0 1rem;
         color: #1b1b1f; background: #fff; }}
  p, small {{ color: #4b4b55; }}
  button {{ display: flex; justify-content: space-between; width: 100%; margin: .5rem 0; padding: .75rem 1rem;
           font: inherit; color: inherit; background: #fff; border: 1px solid #767680; border-radius: .5rem;
           cursor: pointer; }}
  button:hover, button:focus-visible {{ background: #eef2ff; outline: 2px solid #2f4fd0; }}
</style>
</head>
<body>
<main>
<h1>Development sign-in — local cloud only</h1>
<p>Choose who you are. A deployed desk asks for an e-mail address and a password here.</p>
<form method="post" action="{action}">
<input type="hidden" name="request" value="{request}">
{buttons}
</form>
</main>
</body>
</html>
"""

_BUTTON = """<button name="person" value="{key}"><span>{name}</span> <small>{role}</small></button>"""


class SignIn:
    """ASGI app of the paths under `/dev/`.

    Args:
        engine: the engine's own app.
        engine_port: where it listens.
        passwords: of the demo people.
    """

    def __init__(self, engine: App, engine_port: int, passwords: Passwords) -> None:
        self._engine = engine
        self._port = engine_port
        self._passwords = passwords

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        where = (scope["method"], scope["path"])
        if where == ("GET", _AUTHORIZE):
            await respond(send, page(scope["query_string"].decode("latin-1")))
        elif where == ("POST", _CHOOSE):
            form = parse_qs((await read_body(receive)).decode())
            await respond(send, await asyncio.to_thread(self._log_in, form))
        else:
            path = scope["path"].removeprefix(PREFIX)
            await self._engine({**scope, "path": path, "raw_path": path.encode()}, receive, send)

    def _log_in(self, form: dict[str, list[str]]) -> Response:
        try:
            who = person(form["person"][0])
            request = dict(parse_qsl(form["request"][0]))
        except KeyError:
            return 400, {"content-type": "text/plain; charset=utf-8"}, b"There is nobody of that name.\n"
        body = urlencode({**request, "username": who.email, "password": self._passwords.of(who)})
        connection = http.client.HTTPConnection(HOST, self._port, timeout=10)
        try:
            connection.request("POST", "/login", body, {"content-type": "application/x-www-form-urlencoded"})
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        # Whatever the hosted page says, also when it refuses: the browser sees it unchanged.
        kept = {name: value for name, value in answer.getheaders() if name.lower() in ("location", "content-type")}
        return answer.status, {**kept, "cache-control": "no-store"}, content


def page(query: str) -> Response:
    """The page on which somebody is chosen; `query` is what the desk's own code flow asked for."""
    buttons = "\n".join(_BUTTON.format(key=escape(p.key), name=escape(p.name), role=escape(p.role)) for p in PEOPLE)
    html = _PAGE.format(action=_CHOOSE, request=escape(query), buttons=buttons)
    return 200, {"content-type": "text/html; charset=utf-8", "cache-control": "no-store"}, html.encode()
