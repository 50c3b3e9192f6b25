"""Every error of the API as problem+json (RFC 9457), in one place. Nothing of the request is ever repeated."""

import json
from dataclasses import asdict
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response

from hark import log
from hark.desk.actions import ApprovalNeeded, NotFound, Talked
from hark.desk.approving import Drafted
from hark.desk.clicks import KeyReused
from hark.desk.composing import Questionable
from hark.desk.writing import Forbidden, Unacceptable
from hark.domain.case import Refused
from hark.domain.policy_change import Unusable
from hark.store.cases import Stale

TITLES = {
    400: "Bad request", 401: "Signed out", 403: "Not allowed", 404: "Not found", 405: "Method not allowed",
    409: "Conflict", 413: "Too large", 415: "Unsupported media type", 422: "Not acceptable",
    429: "Too many requests", 500: "Our fault", 503: "For the moment not available",
}  # fmt: skip

REFUSALS = {
    "closed": "The case is closed. Open it again first.",
    "open": "The case is open already.",
    "erased": "Its customer was erased: there is nobody to answer.",
    "snoozed": "The case is put off. Wake it first.",
    "owned": "The case belongs to a colleague. Take it first.",
    "busy": "A reply is still on its way or in doubt. Wait for it, or decide about it.",
    "draft_waits": "A draft waits for approval here. Decide about it first.",
    "not_owner": "The case belongs to somebody else than the draft's author. Give it to the author along with it.",
    "too_many_drafts": "So many drafts wait here already that one has to go first.",
    "left": "The reply has left, or is just leaving.",
    "not_scheduled": "Only a reply that waits for its time can be changed.",
    "promise_past": "The promised time has to lie in the future.",
    "no_promise": "There is no promise that is still open.",
    "answered": "Nothing is owed at the moment.",
    "not_closed": "The case is still open.",
    "rated": "The customer has rated it already.",
    "no_survey": "The brand does not ask how satisfied its customers are.",
    "past": "The time to put it off to has to lie in the future.",
    "no_such_member": "There is no such colleague in the team.",
    "judged": "Somebody has looked over this already.",
    "not_human": "Nobody has to decide about this reply any more.",
    "not_watching": "The brand does not watch its topics. Its policy turns incidents on.",
    "incident_exists": "There is an incident on this topic.",
    "incident_closed": "The incident is closed.",
    "incident_suggested": "Nobody has said yet that it is an incident.",
    "decided": "Somebody has decided about it already.",
    "shown_once": "This token was made, and is shown only once. Take it away and make another one.",
    "too_many_programs": "There are as many programs as there may be. Take a token away first.",
    "paused_already": "A colleague has paused this account already.",
    "not_paused": "Nobody has paused this account, or a colleague has resumed it.",
    "not_them": "That is not this customer. Type the name as it stands there.",
    "confirm_first": "By this rule more would be removed than now, and nothing brings it back. Confirm it first.",
    "own_broadcast": "Somebody else has to approve what you wrote.",
}


class Problem(Exception):
    """An answer that is not a success. `detail` is a sentence for people."""

    def __init__(self, status: int, code: str, detail: str, **more: Any) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.detail = detail
        self.more = more

    def response(self) -> Response[str]:
        body = {
            "type": "about:blank", "title": TITLES[self.status], "status": self.status, "detail": self.detail,
            "code": self.code, **self.more,
        }  # fmt: skip
        return Response(self.status, "application/problem+json", json.dumps(body))


def not_found() -> Problem:
    return Problem(404, "not_found", "There is nothing here, or nothing you may see.")


def as_answers(app: APIGatewayHttpResolver) -> None:
    """Register how each exception is answered."""

    @app.exception_handler(Problem)
    def _problem(problem: Problem) -> Response[str]:
        return problem.response()

    @app.exception_handler(NotFound)
    def _absent(_: NotFound) -> Response[str]:
        return not_found().response()

    @app.exception_handler(Stale)
    def _stale(_: Stale) -> Response[str]:
        return Problem(409, "stale", "Somebody changed the case meanwhile. Look again.").response()

    @app.exception_handler(Refused)
    def _refused(refused: Refused) -> Response[str]:
        return Problem(409, refused.code, REFUSALS[refused.code]).response()

    @app.exception_handler(Talked)
    def _talked(_: Talked) -> Response[str]:
        return Problem(409, "talked", "Somebody wrote since you looked.").response()

    @app.exception_handler(Unacceptable)
    def _unacceptable(wrong: Unacceptable) -> Response[str]:
        return Problem(422, wrong.code, wrong.sentence).response()

    @app.exception_handler(Questionable)
    def _questionable(questionable: Questionable) -> Response[str]:
        findings = [asdict(finding) for finding in questionable.findings]
        return Problem(422, "check", findings[0]["sentence"], findings=findings).response()

    @app.exception_handler(ApprovalNeeded)
    def _needs_approval(asked: ApprovalNeeded) -> Response[str]:
        said = ("Somebody else has", "Two others have")[asked.need.number - 1] + " to approve this first."
        return Problem(409, "approval_needed", said, number=asked.need.number, why=list(asked.need.why)).response()

    @app.exception_handler(Drafted)
    def _drafted(drafted: Drafted) -> Response[str]:
        waiting = [{"id": draft.id, "by": draft.by, "at": draft.at} for draft in drafted.drafts]
        said = "A draft waits here already. Replace yours, or let whoever approves choose."
        return Problem(409, "drafted", said, drafts=waiting).response()

    @app.exception_handler(Forbidden)
    def _forbidden(forbidden: Forbidden) -> Response[str]:
        return Problem(403, forbidden.code, forbidden.sentence).response()

    @app.exception_handler(Unusable)
    def _unusable(unusable: Unusable) -> Response[str]:
        wrongs = [{"at": list(wrong.at), "sentence": wrong.sentence} for wrong in unusable.wrongs]
        return Problem(422, "unusable", "These settings cannot be used. See what is wrong.", errors=wrongs).response()

    @app.exception_handler(KeyReused)
    def _reused(_: KeyReused) -> Response[str]:
        return Problem(422, "key_reused", "This idempotency key belongs to another request.").response()

    @app.exception_handler(Exception)
    def _ours(trouble: Exception) -> Response[str]:
        log.error("desk_api.failed", trouble)
        return Problem(503, "failed", "That did not work, and nothing was changed. Try again.").response()

    @app.not_found
    def _unknown(_: Exception) -> Response[str]:
        return not_found().response()
