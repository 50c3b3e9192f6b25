"""Sign-in: the code flow of OpenID Connect with PKCE, done by the server; the browser gets a random session id only.

Sources: RFC 6749, RFC 7636, Cognito's authorize, token and userInfo endpoints. The person's facts come from the
userInfo endpoint over TLS, so no token is ever parsed here.
"""

from __future__ import annotations

import http.client
import json
import secrets
import urllib.request
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, cast, get_args
from urllib.parse import urlencode

from botocore.exceptions import BotoCoreError, ClientError

from hark import log
from hark.desk.actions import NotFound
from hark.domain.browsers import browser_of
from hark.domain.people import Member, Role, initials, is_program
from hark.domain.time import after
from hark.domain.time import text as time_text
from hark.store import keys
from hark.store.people import People
from hark.store.table import ConditionFailed, Item

SESSION_SECONDS = 12 * 3600
USED_NOTED_SECONDS = 900
"""When a session was used last is written down this often, and no more."""
SIGN_IN_SECONDS = 600
TIMEOUT_SECONDS = 5


class SignInFailed(Exception):
    """The sign-in did not come to a good end; begin again. `code` is for the log."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NotAMember(Exception):
    """Signed in, but not (or no longer) of any brand's team."""


def local_path(to: str) -> str:
    """A place of this desk to go on to; anything else becomes the start page (no open redirect)."""
    safe = to.startswith("/") and not to.startswith(("//", "/\\")) and "\\" not in to
    return to if safe and to.isprintable() and len(to) <= 500 else "/"


@dataclass(frozen=True)
class Sessions:
    people: People
    client_id: Callable[[], str]
    sign_in_url: Callable[[], str]
    clock: Callable[[], datetime]

    def begin(self, origin: str, to: str) -> tuple[str, str]:
        """Where to send the browser, and the state that it has to bring back."""
        state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(64)
        self.people.begin_sign_in(state, verifier, local_path(to), self._now() + SIGN_IN_SECONDS)
        challenge = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        query = urlencode(
            {
                "response_type": "code", "client_id": self.client_id(), "redirect_uri": f"{origin}/auth/callback",
                "scope": "openid email profile", "state": state, "code_challenge": challenge,
                "code_challenge_method": "S256",
            }
        )  # fmt: skip
        return f"{self.sign_in_url()}/oauth2/authorize?{query}", state

    def end(
        self, origin: str, code: str, state: str, browser_state: str, user_agent: str = ""
    ) -> tuple[str, str]:  # fmt: skip
        """The session's token, and where the person wanted to go.

        Raises:
            SignInFailed: not begun here, too old, or refused by the directory. NotAMember.
        """
        if not state or not secrets.compare_digest(state.encode(), browser_state.encode()):
            raise SignInFailed("state")
        begun = self.people.end_sign_in(state)
        if begun is None or begun["expires"] < self._now():
            raise SignInFailed("expired")
        granted = self._call(
            "/oauth2/token",
            urlencode(
                {
                    "grant_type": "authorization_code", "client_id": self.client_id(), "code": code,
                    "redirect_uri": f"{origin}/auth/callback", "code_verifier": begun["verifier"],
                }
            ).encode(),
            {"content-type": "application/x-www-form-urlencoded"},
        )  # fmt: skip
        who = self._call("/oauth2/userInfo", None, {"authorization": f"Bearer {granted.get('access_token', '')}"})
        member = self._member(who)
        token = secrets.token_urlsafe(32)
        self.people.open_session(
            token, member.brand, member.id, self._now() + SESSION_SECONDS, at=time_text(self.clock()),
            browser=browser_of(user_agent), mark=member.sessions_mark,
        )  # fmt: skip
        log.info("sign_in.done", brand=member.brand, member=member.id)
        return token, begun["to"]

    def member(self, token: str) -> Member | None:
        """Whose session it is, read anew each time, so that who is removed is out at once (H33)."""
        if not token:
            return None
        session_id = keys.session_id(token)
        session = self.people.session(session_id)
        if session is None or session["expires"] < self._now():
            return None
        member = self.people.member(session["brand"], session["member"])
        if member is None or member.removed:
            raise NotAMember
        # Sessions from before there was a mark, and a time of use, have none.
        if session.get("mark", "") != member.sessions_mark or not self._still_there(session_id, session):
            return None
        return member

    def close(self, token: str) -> None:
        self.people.close_session(keys.session_id(token))

    def mine(self, member: Member, token: str) -> list[dict[str, Any]]:
        """The member's sessions that are good, the newest first. Shape as in docs/api.md."""
        found = self.people.sessions(member.brand, member.id)
        return [
            {
                "id": one["id"], "since": one["at"], "used_at": one["used_at"], "browser": one["browser"],
                "system": one["system"], "ends_at": time_text(datetime.fromtimestamp(one["expires"], UTC)),
                "this": one["id"] == keys.session_id(token),
            }
            for one in found if one["mark"] == member.sessions_mark and one["expires"] >= self._now()
        ]  # fmt: skip

    def revoke(self, member: Member, session_id: str) -> None:
        """End one of the member's own sessions. What is not theirs, or not there, is left as it is."""
        session = self.people.session(session_id)
        if session is not None and (session["brand"], session["member"]) == (member.brand, member.id):
            self.people.close_session(session_id)
            log.info("session.revoked", brand=member.brand, member=member.id)

    def sign_out_everywhere(self, by: Member, member_id: str, but: str = "") -> None:
        """End all sessions of a member of the same brand; but one, by its token.

        Raises:
            NotFound: there is no such member, or that session has ended.
        """
        if self.people.member(by.brand, member_id) is None:
            raise NotFound(member_id)
        try:
            self.people.close_sessions(by.brand, member_id, keys.session_id(but) if but else "")
        except ConditionFailed as gone:
            raise NotFound(member_id) from gone
        log.info("sessions.ended", brand=by.brand, member=member_id, by=by.id)

    def _still_there(self, session_id: str, session: Item) -> bool:
        """Note that it is used, now and then. False when it has been closed a moment ago."""
        now = time_text(self.clock())
        if "used_at" in session and after(session["used_at"], USED_NOTED_SECONDS) > now:
            return True
        try:
            self.people.session_used(session_id, now)
        except ConditionFailed:
            return False
        except (ClientError, BotoCoreError) as trouble:  # it is known who asks; when is of no weight
            log.error("session.use_not_noted", trouble, member=session["member"])
        return True

    def _member(self, who: dict[str, Any]) -> Member:
        """The member behind a directory entry; the first sign-in of an invited person makes one."""
        brand, member_id = str(who.get("custom:brand", "")), str(who.get("sub", ""))
        if not brand or not member_id or is_program(member_id):
            raise NotAMember
        known = self.people.member(brand, member_id)
        if known is None:
            name = str(who.get("name") or who.get("email") or member_id)
            role = cast("Role", who.get("custom:role"))
            known = Member(
                id=member_id, brand=brand, name=name, email=str(who.get("email", "")), initials=initials(name),
                role=role if role in get_args(Role) else "agent",
            )  # fmt: skip
            self.people.save(known)
        if known.removed:
            raise NotAMember
        return known

    def _call(self, path: str, body: bytes | None, headers: dict[str, str]) -> dict[str, Any]:
        # The address is the stack's own, no visitor's; `providers.http` would wait longer than a browser should.
        request = urllib.request.Request(self.sign_in_url() + path, data=body, headers=headers)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
                said = json.loads(answer.read(100_000))
        except (OSError, http.client.HTTPException, ValueError, RecursionError) as trouble:
            log.error("sign_in.refused", trouble, step=path)
            raise SignInFailed("directory") from trouble
        if not isinstance(said, dict):
            raise SignInFailed("directory")
        return said

    def _now(self) -> int:
        return int(self.clock().timestamp())
