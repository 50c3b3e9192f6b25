"""The desk: its files, its sign-in and its API."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from hark.web import app


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one request of the HTTP API."""
    return app.answer(event, context)
