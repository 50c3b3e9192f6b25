"""One customer with one conversation, and the agents who deal with it: the acts of which stories are made."""

from __future__ import annotations

import itertools
import json
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import requests
from hark.domain.time import text as time_text
from hark.providers.x.posts import snowflake_at
from hark.store import keys

from tests.e2e.cloud import Desk
from tests.e2e.kill.plans import Kill, Plan
from tests.e2e.kill.town import ACME, BRAND, PROVIDER, Snapshot, Stuck, Town

PATIENCE = 200.0
"""Seconds after which a story is stuck. The longest way round is two graces of 20 s and three looks."""

_numbers = itertools.count(1)


class Life:
    """A customer of a town. What it did is kept, so that it can be compared with what the desk made of it."""

    def __init__(self, town: Town, story: str, kills: tuple[Kill, ...]) -> None:
        self.town = town
        self.number = next(_numbers)
        self.name = f"{self.number:03}-{story}"
        self.plan = Plan(town.folder, self.name, kills)
        self.user: dict[str, Any] = town.cloud.x("POST", "users", {"username": f"kim_{self.number}"})
        self.thread = self.case_id = ""
        self.said: dict[str, str] = {}
        """Post id to what it says last; empty when it was taken away."""
        self.outside: list[str] = []
        self.events: set[str] = set()
        self.edits = 0
        self.replies: dict[str, tuple[str, str]] = {}
        """Reply id to the post it answers and its text."""
        self.by_hand: list[str] = []
        """Replies that an agent put on X by hand, after the desk could not tell what became of them."""
        self.seconds = 0.0

    # --- the customer ---

    def says(self, text: str, to: str = "", thread: str = "", ago: float = 0, **more: Any) -> str:
        """Post something, `ago` seconds before now; the desk is told by webhook unless `silent`. The post's id."""
        post = self._about_to_post(ago)
        if not self.case_id:
            self.thread = thread or post[0]
            self.case_id = keys.case_id(BRAND, PROVIDER, ACME, self.thread, self.user["id"])
            self.plan.know(self.case_id)
        body = {"author": self.user["username"], "text": text, "at": post[1], **more}
        made = self.town.cloud.x("POST", "posts", body | ({"in_reply_to": to} if to else {}))
        assert made["id"] == post[0], "two posts of the same millisecond"
        self.said[post[0]] = text
        return post[0]

    def edits_it(self, post_id: str, text: str) -> None:
        """Change a post. X gives it another id."""
        version = self._about_to_post()
        made = self.town.cloud.x("POST", f"posts/{post_id}/edit", {"text": text, "at": version[1]})
        assert made["id"] == version[0], "two posts of the same millisecond"
        self.said[post_id] = text
        self.edits += 1

    def takes_away(self, post_id: str) -> None:
        """Delete a post."""
        self._expect(f"del:{post_id}")
        self.town.cloud.x("DELETE", f"posts/{post_id}")
        self.said[post_id] = ""

    def _about_to_post(self, ago: float = 0) -> tuple[str, str]:
        at = self.town.moment() - timedelta(seconds=ago)
        post_id = snowflake_at(at)
        self.plan.know(post_id)
        self._expect(f"post:{post_id}")
        return post_id, at.isoformat()

    def _expect(self, event_key: str) -> None:
        self.events.add(event_key)
        self.plan.know(keys.raw(BRAND, PROVIDER, event_key).pk)

    # --- X and the brand on X ---

    def brand_posts(self, text: str, to: str = "") -> dict[str, Any]:
        """Somebody of the brand writes in X's own app."""
        body = {"author": "acme", "text": text, "at": self.town.moment().isoformat(), "silent": True}
        made: dict[str, Any] = self.town.cloud.x("POST", "posts", body | ({"in_reply_to": to} if to else {}))
        return made

    def staff_answers_outside(self, to: str) -> None:
        """Somebody of the brand answers in X's own app, and X says so."""
        made = self.brand_posts(f"We are on it, {self.name}.", to)
        self.outside.append(made["id"])
        self.x_tells_of(made)

    def x_tells_of(self, post: dict[str, Any], kind: str = "post.create") -> None:
        """Deliver a post as X does, again and again until the door takes it."""
        self.plan.know(post["id"])
        self._expect(f"post:{post['id']}")
        parent = self.user["id"] if post["author_id"] == ACME else ACME
        payload = {
            "id": post["id"], "text": post["whole_text"], "author_id": post["author_id"], "created_at": post["at"],
            "conversation_id": post["conversation_id"], "in_reply_to_tweet_id": post["in_reply_to"],
            "in_reply_to_user_id": parent, "edit_history_tweet_ids": [post["id"]],
            "referenced_tweets": [{"type": "replied_to", "id": post["in_reply_to"]}],
            "display_text_range": [len(post["whole_text"]) - len(post["text"]), len(post["whole_text"])],
        }  # fmt: skip
        event = {
            "event_uuid": uuid.uuid4().hex, "filter": {"user_id": ACME}, "event_type": kind, "payload": payload,
            "includes": {},
        }  # fmt: skip
        body = json.dumps({"data": event})
        self.until("X's delivery is taken", lambda: self._delivered(body))

    def shown(self, post_id: str) -> dict[str, Any]:
        """A post as it is on X."""
        posts: list[dict[str, Any]] = self.town.cloud.x("GET", f"posts?author={self.user['id']}")
        return next(post for post in posts if post["id"] == post_id)

    def _delivered(self, body: str) -> bool:
        answer = requests.post(f"{self.town.cloud.x_url}/_fake/deliver", json={"body": body}, timeout=30)
        return bool(answer.ok and answer.json()["status"] == 200)

    def posts_of(self, reply_id: str) -> list[dict[str, Any]]:
        """What is on X of a reply of ours, however often."""
        target, text = self.replies[reply_id]
        made = self.town.cloud.x("GET", "replies")
        return [post for post in made if post["in_reply_to"] == target and post["text"] == text]

    # --- the desk ---

    @property
    def case(self) -> Snapshot:
        return self.town.case(self.case_id)

    def wait(self, what: str, holds: Callable[[Snapshot], bool]) -> Snapshot:
        """The case as soon as something is so."""
        return self.town.await_case(self.case_id, what, holds, PATIENCE)

    def folded_as(self) -> set[str]:
        """The ways in which the customer's first post has arrived and was folded."""
        entry = self.town.table.get(keys.raw(BRAND, PROVIDER, f"post:{next(iter(self.said))}"))
        return entry["kinds"] if entry and entry["state"] == "folded" else set()

    def is_with_an_agent(self) -> Snapshot:
        """The case has an owner, and its workflow waits for an answer."""
        return self.wait(
            "an agent has it",
            lambda c: c["assigned"] == c["gen"] and c["wf_wait"] == "AwaitAnswer" and c["awaiting"] == "us",
        )

    def agent(self) -> Desk:
        """The owner's desk, or anybody's when there is none."""
        owner = self.case["owner"] or next(iter(self.town.desks))
        self.plan.know(f"#RATE#{owner}#")
        return self.town.desks[owner]

    def agent_answers(self) -> str:
        """Write a reply and click once. The reply's id."""
        case = self.case
        text = f"Hello {self.name}, it arrives tomorrow ({len(self.replies) + 1})."
        member = case["owner"] or next(iter(self.town.desks))
        desk, key = self.agent(), uuid.uuid4().hex
        reply_id = keys.reply_id(member, key)
        self.replies[reply_id] = (case["reply_to"], text)
        self.plan.know(reply_id)
        answer = self._click(desk, "POST", "replies", {"text": text, "seen": case["talk"]}, key)
        assert answer.status_code == 202, answer.text
        assert answer.json()["id"] == reply_id
        return reply_id

    def agent_changes(self, **wish: Any) -> None:
        """Close or hand over the case: with the version the agent sees, and again with a newer one if it was old."""
        self.until(f"the agent may {wish}", lambda: self._changed(wish))

    def agent_snoozes(self, seconds: float) -> str:
        """Put the case off for so long. The time until which it is."""
        tried: list[str] = []

        def put_off() -> bool:
            tried.append(time_text(datetime.now(UTC) + timedelta(seconds=seconds)))
            return self._changed({"state": "snoozed", "snoozed_until": tried[-1]})

        self.until("the agent may put it off", put_off)
        return tried[-1]

    def _changed(self, wish: dict[str, Any], by: str = "") -> bool:
        desk, version = self.town.desks[by] if by else self.agent(), self.case["version"]
        answer = self._click(desk, "PATCH", "", {"version": version, **wish}, uuid.uuid4().hex)
        if answer.status_code == 409:
            return False  # the page reads the case anew
        assert answer.status_code == 200, answer.text
        return True

    def colleague_claims(self) -> None:
        """Another agent takes the case."""
        owner = self.case["owner"]
        other = next(member for member in self.town.desks if member != owner)
        self.plan.know(f"#RATE#{other}#")
        self.until("the colleague may claim it", lambda: self._changed({"assignee": "me"}, other))
        self.wait("the colleague has it", lambda c: c["owner"] == other)

    def agent_notes(self) -> None:
        """Leave a note."""
        answer = self._click(self.agent(), "POST", "notes", {"text": "Called the depot."}, uuid.uuid4().hex)
        assert answer.status_code == 201, answer.text

    def is_answered(self, by_hand: bool = False) -> None:
        """The reply is out. As often as the desk asks an agent to look whether it is, one looks and says so; `by_hand`
        says what the agent does when it is not: put it there by hand, or have it sent again."""
        reply_id = list(self.replies)[-1]
        while True:
            case = self.wait("the reply is out", lambda c: c["reply_state"] in ("sent", "human", "failed"))
            if case["reply_state"] != "human":
                break
            found = bool(self.posts_of(reply_id))
            if by_hand and not found:
                target, text = self.replies[reply_id]
                self.brand_posts(text, target)
                self.by_hand.append(reply_id)
                found = True
            answer = self._click(
                self.agent(), "POST", f"replies/{reply_id}/decision", {"found": found}, uuid.uuid4().hex
            )
            assert answer.status_code == 200, answer.text
            self.wait("the decision is there", partial(_newer, case["version"]))
        assert case["reply_state"] == "sent", f"{self.name}: {case['reply_state']}"

    def is_closed(self, reason: str) -> None:
        """The case has come to its end, and its workflow knows."""
        case = self.wait("it is closed", lambda c: c["status"] == "closed" and not c["signal"])
        assert case["close_reason"] == reason, f"{self.name}: closed by {case['close_reason']}, not {reason}"

    def agent_closes(self) -> None:
        """Close the case by hand."""
        self.agent_changes(state="closed")
        self.is_closed("agent")

    def _click(self, desk: Desk, method: str, path: str, body: dict[str, Any], key: str) -> requests.Response:
        """One click: repeated with the same key while no answer comes, or one that says nothing (5xx, 429)."""
        where = f"/api/v1/conversations/{self.case_id}" + (f"/{path}" if path else "")
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                answer = desk.send(method, where, body, idempotency_key=key)
            except requests.RequestException:
                continue
            if answer.status_code < 500 and answer.status_code != 429:
                return answer
            time.sleep(0.5)
        raise Stuck(f"{method} {path}: no answer in {PATIENCE:.0f} s")

    @staticmethod
    def until(what: str, done: Callable[[], bool]) -> None:
        """Ask each half second, until it is so."""
        deadline = time.monotonic() + PATIENCE
        while not done():
            if time.monotonic() > deadline:
                raise Stuck(f"waited {PATIENCE:.0f} s until {what}")
            time.sleep(0.5)


def _newer(version: int, case: dict[str, Any]) -> bool:
    """Whether the case has changed since that version."""
    return bool(case["version"] > version)
