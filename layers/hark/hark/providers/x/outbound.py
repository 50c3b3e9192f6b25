"""Public replies on X, and looking them up again after a lost answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from hark.domain.events import ReplyTarget, UnreadableEvent
from hark.providers.contract import Credentials, Failure, NotSent, Outcome, PollFailed, Sent
from hark.providers.x import api, failures, posts
from hark.providers.x.door import ID
from hark.providers.x.text import LIMIT, fingerprint, seen_fingerprint, weighted_length

READ_BACK_PAGES = 5
"""Pages of 100 own posts to look through. A brand that posts more since the question needs a person to look."""


class Sender:
    """Posts replies as one account (OAuth 1.0a user context), each at most once per call and never twice."""

    def __init__(self, credentials: Credentials, endpoint: str, now: Callable[[], datetime] = api.utc_now) -> None:
        """`credentials` hold consumer_key, consumer_secret, access_token and access_token_secret.

        `endpoint` is X's host with scheme, such as https://api.x.com.
        """
        self._credentials = credentials
        self._endpoint = endpoint
        self._now = now

    def reply(self, target: ReplyTarget) -> Outcome:
        """Post the reply. Takes at most about 25 seconds and raises nothing that the network can cause."""
        if not target.text.strip() or weighted_length(target.text) > LIMIT:
            return NotSent(Failure.NEVER, "x.length", "The reply is empty or longer than X allows.")
        try:
            with api.connect(self._credentials, self._endpoint, self._now) as client:
                answer = api.read(
                    client.create_tweet(text=target.text, in_reply_to_tweet_id=target.in_reply_to, user_auth=True)
                )
        except api.CallFailed as failed:
            return failed.why
        return _made(answer, target)

    def read_back(self, target: ReplyTarget) -> Sent | None:
        """Look for the reply among the account's own posts since the answered one; None when it is not there.

        A post counts when it answers the same post and says the same. None is only as fresh as X's timeline: ask
        after the settle time.

        Raises:
            PollFailed: we could not look, or not at everything. That is not the same as "not there".
        """
        page: Mapping[str, Any]
        params = {"since_id": target.in_reply_to, "max_results": "100"}
        words = api.OLD_WORDS
        doubts = False
        found: list[str] = []
        try:
            with api.connect(self._credentials, self._endpoint, self._now) as client:
                for _ in range(READ_BACK_PAGES):
                    page, words = api.get_posts(client, f"/2/users/{target.account_id}/tweets", params, words)
                    own, unreadable = _matching(page, target)
                    found += own
                    doubts |= unreadable
                    token = _token(page)
                    if token is None:
                        break
                    params["pagination_token"] = token
                else:
                    doubts = True
        except api.CallFailed as failed:
            raise poll_failed(failed) from None
        if found:
            return Sent(min(found, key=int))
        if doubts:
            raise PollFailed(Failure.LATER, "x.read_back_incomplete")
        return None


def poll_failed(failed: api.CallFailed) -> PollFailed:
    """What a failed GET means. Reading has no effect, so "unknown" is "later"; a refusal needs a person."""
    why = failed.why
    if why.failure in (Failure.LATER, Failure.UNKNOWN):
        return PollFailed(Failure.LATER, why.code, why.retry_at)
    return PollFailed(Failure.PAUSED, why.code)


def _made(answer: Mapping[str, Any], target: ReplyTarget) -> Outcome:
    data = answer.get("data")
    made = data.get("id") if isinstance(data, dict) else None
    if not isinstance(made, str) or not ID.fullmatch(made):
        return failures.no_answer("x.no_id")
    # Ids grow with time: a reply cannot be older than what it answers (fault F20).
    if int(made) <= int(target.in_reply_to):
        return failures.no_answer("x.foreign_id")
    return Sent(made)


def _matching(page: Mapping[str, Any], target: ReplyTarget) -> tuple[list[str], bool]:
    listed = page.get("data", [])
    found: list[str] = []
    if not isinstance(listed, list) or ("data" not in page and page.get("errors")):
        return found, True
    wanted = fingerprint(target.text)
    doubts = False
    for payload in listed:
        try:
            post = posts.from_v2(payload if isinstance(payload, dict) else {})
        except UnreadableEvent:
            doubts = True
            continue
        # The text as X wrote it, with its own short links: an expanded link may end where no parser expects it.
        said = seen_fingerprint(payload["text"]) if isinstance(payload.get("text"), str) else fingerprint(post.text)
        same_place = post.parent_id == target.in_reply_to and post.author_id in ("", target.account_id)
        if same_place and said == wanted:
            found.append(post.versions[0])
    return found, doubts


def _token(page: Mapping[str, Any]) -> str | None:
    meta = page.get("meta")
    token = meta.get("next_token") if isinstance(meta, dict) else None
    return token if isinstance(token, str) and token else None
