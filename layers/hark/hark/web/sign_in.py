"""Sign-in by the directory's own page, and sign-out."""

from html import escape
from urllib.parse import quote

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.shared.cookies import Cookie, SameSite

from hark import wiring
from hark.desk.sessions import SESSION_SECONDS, SIGN_IN_SECONDS, NotAMember, SignInFailed
from hark.domain.sign_in_words import WORDS
from hark.web import gate
from hark.web.contract import ANYBODY, HTML, TEXT, Contract
from hark.web.page_language import page_language
from hark.web.plain_page import drawn
from hark.web.router import Router

router = Router()

STATE_COOKIE = "__Host-sign-in"


def _cookie(name: str, value: str, seconds: int) -> Cookie:
    return Cookie(name, value, path="/", secure=True, http_only=True, same_site=SameSite.LAX_MODE, max_age=seconds)


def _go(to: str, *cookies: Cookie) -> Response[str]:
    # A header holds ASCII only; what is encoded already stays as it is (RFC 3986, section 2.1).
    location = quote(to, safe="%/?#[]@!$&'()*+,;=:-._~")
    return Response(303, headers={"location": location, "cache-control": "no-store"}, cookies=list(cookies))


def _sorry(status: int, stranger: bool) -> Response[str]:
    """A page instead of the desk, in the language the desk would be in."""
    language = page_language(router.event)
    words = WORDS[language]
    said = words.stranger if stranger else words.failed
    body = f'<p>{escape(said)}</p><p><a href="/auth/login">{escape(words.again)}</a></p>'
    return drawn(status, language, words.title, "Hark", body, {"cache-control": "no-store"})


@router.get("/auth/login")
@router.keeps(Contract("Begin to sign in", {303: ""}, query={"to": TEXT}, roles=ANYBODY))
def login() -> Response[str]:
    to = (router.event.get("queryStringParameters") or {}).get("to", "/")
    where, state = wiring.sessions().begin(gate.origin(router.event), to)
    return _go(where, _cookie(STATE_COOKIE, state, SIGN_IN_SECONDS))


@router.get("/auth/callback")
@router.keeps(
    Contract(
        "Come back from the directory",
        {303: ""},
        query={"code": TEXT, "state": TEXT},
        refuses={400: HTML, 403: HTML},
        roles=ANYBODY,
    )
)
def callback() -> Response[str]:
    event = router.event
    asked = event.get("queryStringParameters") or {}
    browser_state = gate.cookie(event, STATE_COOKIE)
    try:
        token, to = wiring.sessions().end(
            gate.origin(event),
            asked.get("code", ""),
            asked.get("state", ""),
            browser_state,
            gate.header(event, "user-agent"),
        )
    except SignInFailed:
        return _sorry(400, stranger=False)
    except NotAMember:
        return _sorry(403, stranger=True)
    return _go(to, _cookie(gate.COOKIE, token, SESSION_SECONDS), _cookie(STATE_COOKIE, "", 0))


@router.post("/auth/sign-out")
@router.keeps(Contract("Sign out", {204: ""}, refuses={403: "foreign"}, roles=ANYBODY))
def sign_out() -> Response[str]:
    gate.own_page(router.event)
    wiring.sessions().close(gate.cookie(router.event, gate.COOKIE))
    return signed_out()


def signed_out() -> Response[str]:
    """The answer that takes the browser's cookie away."""
    return Response(204, cookies=[_cookie(gate.COOKIE, "", 0)])
