"""A fake loft: takes notes over real HTTP, and seals what it delivers."""

from __future__ import annotations

import json
from typing import Any, Self

from hark.providers.signature import hmac_sha256
from hark.testkit.http_server import Answer, Call, HttpServer, json_answer

ACCOUNTS: tuple[dict[str, Any], ...] = (
    {
        "provider": "pigeon",
        "id": "loft1",
        "platform": "pigeon",
        "platforms": ("pigeon",),
        "handle": "acme",
        "name": "Acme",
    },
)
SECRETS = {"loft1": {"seal_key": "wax", "landing_key": "corn"}}


def signed(body: bytes, account_id: str) -> tuple[dict[str, str], str]:
    """The seal, and no further path."""
    return {"X-Pigeon-Seal": hmac_sha256(SECRETS[account_id]["seal_key"], body).hex()}, ""


class Fake:
    """Keeps what was sent in `notes`. It delivers nothing by itself."""

    def __init__(self, port: int = 0, webhook_url: str = "") -> None:
        self.notes: list[dict[str, Any]] = []
        self._server = HttpServer(self._answer, port, "fake-pigeon")

    @property
    def url(self) -> str:
        """The address, without a slash at its end."""
        return self._server.url

    def _answer(self, call: Call) -> Answer:
        if call.headers.get("x-landing-key") != SECRETS["loft1"]["landing_key"]:
            return Answer(403)
        self.notes.append({"id": f"own{len(self.notes) + 1}", **json.loads(call.body)})
        return json_answer(200, {"id": self.notes[-1]["id"]})

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop()
