"""Subscriptions, tokens and accounts of the fake Graph API: what a health check asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hark.providers.meta.fake.ask import Ask
from hark.providers.meta.fake.calls import Done
from hark.providers.meta.fake.errors import GraphError, bad_parameter, error_value
from hark.providers.meta.fake.fields import parse, select
from hark.providers.meta.fake.guard import Permissions, Tokens
from hark.providers.meta.fake.identity import APP_ID, INSTAGRAM_FIELDS, PAGE_FIELDS, PAGE_ID
from hark.providers.meta.fake.nodes import Nodes
from hark.providers.meta.fake.webhooks import Webhooks
from hark.providers.meta.fake.world import World


class Setup:
    """Answers what is not about people."""

    def __init__(
        self, world: World, permissions: Permissions, tokens: Tokens, webhooks: Webhooks, clock: Callable[[], float]
    ) -> None:
        self._nodes = Nodes(world)
        self._permissions = permissions
        self._tokens = tokens
        self._webhooks = webhooks
        self._clock = clock

    def account(self, ask: Ask, account_id: str) -> Done:
        """GET the Page or the Instagram account."""
        return select(self._nodes.account(account_id), parse(ask.given("fields") or "id,name"))

    def subscriptions(self, ask: Ask, account_id: str) -> Done:
        """GET, POST, DELETE `subscribed_apps`. A POST replaces the fields."""
        if account_id == PAGE_ID:
            self._permissions.need(PAGE_ID, "pages_manage_metadata")
        subscribed = self._webhooks.subscribed[account_id]
        if ask.method == "DELETE":
            subscribed.clear()
            return {"success": True}
        if ask.method == "POST":
            names = [name.strip() for name in ask.text("subscribed_fields").split(",")]
            unknown = set(names) - (PAGE_FIELDS if account_id == PAGE_ID else INSTAGRAM_FIELDS)
            if unknown:
                raise bad_parameter(f"Param subscribed_fields has unknown {', '.join(sorted(unknown))}")
            self._webhooks.subscribed[account_id] = set(names)
            return {"success": True}
        app = {"link": "https://hark.example", "name": "Hark", "id": APP_ID, "subscribed_fields": sorted(subscribed)}
        return {"data": [app] if subscribed else []}

    def renew(self, ask: Ask) -> Done:
        """GET `refresh_access_token`, of Instagram Login."""
        if ask.given("grant_type") != "ig_refresh_token":
            raise bad_parameter("grant_type is ig_refresh_token")
        made = self._tokens.renew(ask.token)
        return {"access_token": made.value, "token_type": "bearer", "expires_in": round(made.expires - self._clock())}

    def debug_token(self, ask: Ask) -> Done:
        """GET what is known of a token; a dead one is told of, not refused."""
        token = self._tokens.find(ask.text("input_token"))
        if token is None:
            error = error_value(190, 0, "The access token could not be decrypted")["error"]
            return {"data": {"is_valid": False, "scopes": [], "error": error}}
        told: dict[str, Any] = {
            "app_id": APP_ID,
            "application": "Hark",
            "type": "PAGE" if token.account_id == PAGE_ID else "USER",
            "profile_id": token.account_id,
            "issued_at": int(token.issued),
            "expires_at": int(token.expires),
            "data_access_expires_at": int(token.issued + 90 * 86_400),
            "is_valid": True,
            "scopes": [s for s in self._permissions.granted(token.account_id) if s not in _NO_SCOPES],
        }
        try:
            self._tokens.accept(token.value)
        except GraphError as dead:
            error = {"code": 190, "message": str(dead), "subcode": dead.subcode}
            told |= {"is_valid": False, "error": error}
        return {"data": told}


_NO_SCOPES = ("human_agent", "allow_messages")
