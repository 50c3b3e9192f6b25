"""All routes together, and what every answer carries."""

from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.exceptions import BotoCoreError, ClientError

from hark import log
from hark.store.table import FormatTooNew
from hark.web import (
    account_routes,
    api,
    approval_routes,
    bot_routes,
    canned_routes,
    change_routes,
    check_routes,
    customer_routes,
    erasure_routes,
    files,
    gate,
    held_routes,
    incident_routes,
    listening_routes,
    media_routes,
    notice_routes,
    policy_routes,
    program_routes,
    promise_routes,
    report_routes,
    retention_routes,
    satisfaction_routes,
    session_routes,
    shadow_routes,
    sign_in,
    tag_routes,
    team_routes,
    workflow_routes,
)
from hark.web.errors import Problem, as_answers, not_found
from hark.web.packing import packed

app = APIGatewayHttpResolver()
app.include_router(api.router)
app.include_router(change_routes.router)
app.include_router(held_routes.router)
app.include_router(approval_routes.router)
app.include_router(check_routes.router)
app.include_router(canned_routes.router)
app.include_router(bot_routes.router)
app.include_router(media_routes.router)
app.include_router(notice_routes.router)
app.include_router(policy_routes.router)
app.include_router(program_routes.router)
app.include_router(account_routes.router)
app.include_router(promise_routes.router)
app.include_router(retention_routes.router)
app.include_router(erasure_routes.router)
app.include_router(satisfaction_routes.router)
app.include_router(workflow_routes.router)
app.include_router(customer_routes.router)
app.include_router(team_routes.router)
app.include_router(tag_routes.router)
app.include_router(incident_routes.router)
app.include_router(listening_routes.router)
app.include_router(shadow_routes.router)
app.include_router(report_routes.router)
app.include_router(session_routes.router)
app.include_router(sign_in.router)
app.include_router(files.router)
as_answers(app)

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
    "trusted-types 'none'"
)
HEADERS = {
    "content-security-policy": PAGE_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "strict-transport-security": "max-age=31536000; includeSubDomains",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


OPEN = ("/a/", "/auth/", "/s/")
"""Beginnings of paths that anybody may ask for, besides the page itself; everything else needs a member."""


def answer(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one request of the HTTP API (payload format 2.0)."""
    path = event["rawPath"]
    if path != "/" and not path.startswith(OPEN):
        try:
            app.append_context(asker=gate.enter(event))
        except Problem as problem:
            return _outside(problem)
        except (FormatTooNew, ClientError, BotoCoreError) as trouble:
            log.error("desk_api.nobody_known", trouble)
            return _outside(Problem(503, "failed", "The desk cannot see who you are at the moment. Try again."))
    if not (path.isascii() and path.isprintable()):
        return _outside(not_found())  # the resolver takes a line break at the end for the end
    return packed(_dressed(app.resolve(event, context)), gate.header(event, "accept-encoding"))


def _dressed(made: dict[str, Any]) -> dict[str, Any]:
    headers = made.setdefault("headers", {})
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    headers.setdefault("cache-control", "no-store")
    made["body"] = made.get("body") or ""
    return made


def _outside(problem: Problem) -> dict[str, Any]:
    """The answer to who is not let in, given before any route is looked at."""
    made = problem.response()
    headers = {"content-type": "application/problem+json"}
    if problem.status == 401:
        headers["www-authenticate"] = "Bearer"  # RFC 9110, section 11.6.1; the page asks no browser for a password
    return _dressed({"statusCode": made.status_code, "headers": headers, "body": made.body, "isBase64Encoded": False})
