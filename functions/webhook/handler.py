"""POST and GET /webhooks/{provider}. Standard library and boto3 only (see `hark.desk.door`)."""

from typing import Any

from hark import wiring


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Store a delivery, or answer a provider's check of this address."""
    return wiring.door().answer(event)
