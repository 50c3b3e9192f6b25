"""The page on which a customer rates our help, and what agents do with it.

The page needs no sign-in: who has the link may rate, once. It shows nothing of the case, runs no script and loads
nothing; a wrong link and one that is over look the same.
"""

import base64
import re
import unicodedata
from html import escape
from typing import Any
from urllib.parse import parse_qs

from aws_lambda_powertools.event_handler import Response

from hark import wiring
from hark.desk.clicks import was_done
from hark.desk.satisfying import Invitation, NoSuchLink, address, token_of
from hark.domain.rating_texts import Page, page
from hark.domain.satisfaction import LONGEST_COMMENT, STARS
from hark.web import gate
from hark.web.api import Body, answer, read
from hark.web.contract import ANYBODY, HTML, Contract
from hark.web.plain_page import POLICY, drawn
from hark.web.router import Router

router = Router()

TOKEN = re.compile(r"[A-Za-z0-9_-]{32,64}")
MAX_FORM_CHARACTERS = 20_000
"""A comment of the longest kind, each character of it in twelve of the form's, and the rest of the form."""
HEADERS = {
    "referrer-policy": "no-referrer",  # the address is the key
    "x-robots-tag": "noindex, nofollow",
    "cache-control": "no-store",
}


class LinkBody(Body):
    """Nothing has to be said."""


@router.get("/s/<token>")
@router.keeps(Contract("The page on which a customer rates us", {200: HTML}, refuses={404: HTML}, roles=ANYBODY))
def form(token: str) -> Response[str]:
    known = _invited(token)
    if known is None:
        return _gone()
    words = page(known.language)
    if known.rated:
        return _shown(words, 200, f"<p>{escape(words.thanks)}</p>", known.brand_name)
    return _shown(words, 200, _form(words), known.brand_name)


@router.post("/s/<token>")
@router.keeps(
    Contract("What a customer rates", {303: ""}, form="Rating", refuses={400: HTML, 404: HTML}, roles=ANYBODY)
)
def rate(token: str) -> Response[str]:
    known = _invited(token)
    if known is None:
        return _gone()
    words, said = page(known.language), _fields(router.event)
    stars = said.get("stars", "")
    if not stars.isascii() or not stars.isdigit() or int(stars[:3]) not in STARS:
        notice = f'<p role="alert">{escape(words.choose)}</p>'
        return _shown(words, 400, notice + _form(words, said.get("comment", "")), known.brand_name)
    try:
        wiring.satisfying().rate(token, int(stars), _plain(said.get("comment", "")))
    except NoSuchLink:
        return _gone()
    # So that loading the page again sends nothing again.
    told = {"content-security-policy": POLICY, "content-language": words.language, **HEADERS}
    return Response(303, headers={**told, "location": f"/s/{token}"})


@router.post("/api/v1/conversations/<case_id>/survey")
@router.keeps(
    Contract(
        "A link by which the customer rates us",
        {201: "Survey"},
        body=LinkBody,
        refuses={409: "no_survey not_closed rated stale"},
    )
)
def link(case_id: str) -> Response[str]:
    """A link for the customer, to be pasted by the agent where the desk may not send it."""
    said, asker = gate.body(router.event), router.asker
    read(LinkBody, said)
    click, actions, satisfying = gate.click(router.event, asker.member, said), wiring.actions(), wiring.satisfying()
    case = actions.case(asker.member, gate.known_id(case_id))
    policy = actions.people.policy(case.brand)
    token = token_of(asker.token, click.key, case)
    if not was_done(actions.people, click, case_id):
        (changed, lines), writes = satisfying.link(case, policy, token, asker.member.id)
        actions.commit(case, changed, lines, changed.updated_at, click, writes)
    to = address(gate.origin(router.event), token)
    return answer({"link": to, "text": policy.satisfaction.text(case.language, to)}, 201)


@router.get("/api/v1/conversations/<case_id>/ratings")
@router.keeps(Contract("What the customer rated", {200: "Ratings"}, scope="conversations:read"))
def ratings(case_id: str) -> Response[str]:
    gate.query(router.event)
    case = wiring.actions().case(router.asker.member, gate.known_id(case_id))
    names = ("gen", "stars", "comment", "place", "at")
    given = [{name: one[name] for name in names} for one in wiring.satisfying().of_case(case)]
    return answer({"survey": case.survey, "ratings": given})


def _invited(token: str) -> Invitation | None:
    if not TOKEN.fullmatch(token):
        return None
    try:
        return wiring.satisfying().invited(token)
    except NoSuchLink:
        return None


def _fields(event: dict[str, Any]) -> dict[str, str]:
    """The form's fields, each once. Anything that no form of ours sends is an empty form."""
    kind = gate.header(event, "content-type").split(";")[0].strip().lower()
    text = str(event.get("body") or "")
    if kind != "application/x-www-form-urlencoded" or len(text) > MAX_FORM_CHARACTERS * 2:
        return {}
    try:
        if event.get("isBase64Encoded"):
            text = base64.b64decode(text, validate=True).decode("ascii")
        given = parse_qs(text[:MAX_FORM_CHARACTERS], keep_blank_values=True, errors="replace", max_num_fields=10)
    except ValueError:
        return {}
    return {name: values[0] for name, values in given.items()}


def _plain(comment: str) -> str:
    """A comment as it is kept: its lines, no controls, no longer than a form of ours lets it be."""
    lines = comment.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(c for c in lines if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs"))
    return kept.strip()[:LONGEST_COMMENT]


def _form(words: Page, comment: str = "") -> str:
    choices = "".join(
        f'<label><input type="radio" name="stars" value="{stars}" required> {stars} – {escape(name)}</label>'
        for stars, name in zip(STARS, words.stars, strict=True)
    )
    return (
        f'<form method="post"><fieldset><legend>{escape(words.question)}</legend>{choices}</fieldset>'
        f'<label>{escape(words.comment)}<textarea name="comment" rows="4" maxlength="{LONGEST_COMMENT}" dir="auto">'
        f'{escape(_plain(comment))}</textarea></label><button>{escape(words.send)}</button></form>'
    )  # fmt: skip


def _shown(words: Page, status: int, body: str, brand: str) -> Response[str]:
    return drawn(status, words.language, words.title, brand or words.title, body, HEADERS)


def _gone() -> Response[str]:
    """The same for a link that never was and for one that is over; we do not know whose language it would be."""
    words = page("")
    return _shown(words, 404, f"<p>{escape(words.gone)}</p>", "")
