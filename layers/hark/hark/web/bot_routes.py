"""What the bot did, and what a person says of it."""

from typing import Any, Literal

from aws_lambda_powertools.event_handler import Response

from hark import wiring
from hark.desk.bot_review import Shown
from hark.web import gate
from hark.web.api import Body, answer, read
from hark.web.contract import CURSOR, Contract
from hark.web.errors import not_found
from hark.web.router import Router

router = Router()

PURPOSE = "bot review"


class VerdictBody(Body):
    verdict: Literal["right", "wrong"]


@router.get("/api/v1/bot/review")
@router.keeps(Contract("What the bot did and nobody has looked over", {200: "Deeds"}, query={"cursor": CURSOR}))
def review() -> Response[str]:
    asked, asker = gate.query(router.event, "cursor"), router.asker
    start = gate.unseal(asker, PURPOSE, asked["cursor"]) if "cursor" in asked else None
    page, following = wiring.bot_review().page(asker.member, start)
    return answer(
        {
            "items": [_shape(shown) for shown in page],
            "next": gate.seal(asker, PURPOSE, following) if following else None,
        }
    )


@router.post("/api/v1/bot/review/<case_id>/<generation>")
@router.keeps(
    Contract(
        "Say whether the bot was right",
        {200: "Verdict"},
        body=VerdictBody,
        refuses={403: "reviewers_only", 409: "judged stale"},
    )
)
def judge(case_id: str, generation: str) -> Response[str]:
    if not (generation.isascii() and generation.isdigit() and len(generation) <= 6):
        raise not_found()
    said, asker = gate.body(router.event), router.asker
    body, click = read(VerdictBody, said), gate.click(router.event, asker.member, said)
    deed = wiring.bot_review().judge(click, gate.known_id(case_id), int(generation), body.verdict)
    return answer({"conversation": deed.case, "generation": deed.gen, "verdict": deed.verdict, "by": deed.by})


def _shape(shown: Shown) -> dict[str, Any]:
    deed = shown.deed
    return {
        "conversation": deed.case, "generation": deed.gen, "at": deed.at, "did": deed.did, "platform": deed.platform,
        "language": deed.language, "entry": deed.entry, "title": shown.title,
        "likeness": deed.likeness_permille / 1000, "margin": deed.margin_permille / 1000,
        "question": shown.question, "answer": shown.answer, "state": shown.state,
    }  # fmt: skip
