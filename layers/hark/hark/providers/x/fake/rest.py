"""The part of X's API that Hark calls: post a reply, read mentions, read our own timeline."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

from hark.providers.strict_json import NotStrictJson, loads
from hark.providers.x.fake import search
from hark.providers.x.fake.content import Post, with_short_links
from hark.providers.x.fake.shapes import rest_object
from hark.providers.x.fake.world import World
from hark.providers.x.posts import snowflake_at
from hark.providers.x.text import LIMIT, weighted_length
from hark.testkit.http_server import Answer, json_answer

REACH = 800
"""How many of the newest mentions X lets one page through."""

SEARCH_REACH = timedelta(days=7)

_PROBLEMS = "https://api.x.com/2/problems/"
_NOT_SUMMONED = (
    "Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged by the author "
    "of the post you are replying to."
)
_OLD_ONLY = {"tweet.fields"}
_NEW_ONLY = {"post.fields"}
_COMMON = {"max_results", "since_id", "until_id", "pagination_token", "expansions", "user.fields"}
_OLD_FIELDS = {
    "created_at", "author_id", "conversation_id", "in_reply_to_user_id", "referenced_tweets", "entities", "lang",
    "display_text_range", "edit_history_tweet_ids", "note_tweet", "public_metrics", "id", "text",
}  # fmt: skip
_NEW_FIELDS = {
    "created_at", "conversation_id", "entities", "lang", "display_text_range", "note_post", "public_metrics", "id",
    "text",
}  # fmt: skip
_NEW_EXPANSIONS = {"author_id", "in_reply_to_user_id", "referenced_posts", "edit_history_post_ids"}


@dataclass(slots=True)
class Reply:
    """An HTTP answer."""

    status: int
    value: Any
    headers: dict[str, str] = field(default_factory=dict)

    def answer(self) -> Answer:
        """As it goes over the wire."""
        return json_answer(self.status, self.value, self.headers)


class Rest:
    """X's routes over a world. `published` is called with every post made through the API, `deleted` with one gone."""

    def __init__(
        self, world: World, clock: Callable[[], float], published: Callable[[Post], None],
        deleted: Callable[[Post], None],
    ) -> None:  # fmt: skip
        self.new_words = False
        self.searched = 0
        """How often anybody searched."""
        """X asks for `post.fields` and refuses `tweet.fields`."""
        self.timeline_lag = 0.0
        """Seconds until our own post is on our timeline."""
        self._world = world
        self._clock = clock
        self._published = published
        self._deleted = deleted

    def send(self, body: bytes) -> Reply:
        """POST /2/tweets."""
        try:
            asked = loads(body)
        except NotStrictJson:
            return invalid("The body is no JSON.", {})
        if not isinstance(asked, dict) or not set(asked) <= {"text", "reply"}:
            return invalid("A field of the body is not defined in the schema and it does not allow it.", {})
        reply = asked.get("reply", {"in_reply_to_tweet_id": ""})
        if not isinstance(reply, dict) or set(reply) != {"in_reply_to_tweet_id"}:
            return invalid("$.reply needs in_reply_to_tweet_id and nothing else.", {"reply": []})
        text, parent_id = asked.get("text"), reply["in_reply_to_tweet_id"]
        if not isinstance(text, str) or not isinstance(parent_id, str):
            return invalid("$.text and $.reply.in_reply_to_tweet_id are strings.", {})
        if not text.strip() or weighted_length(text) > LIMIT or len(re.findall(r"(?<!\w)\$[A-Za-z]{1,6}\b", text)) > 1:
            return invalid("The text is empty, too long, or has more than one cashtag.", {"text": []})
        with self._world.lock:
            parent = None
            if parent_id:
                parent = self._world.find_post(parent_id)
                if parent is None or parent.gone:
                    return _forbidden("You attempted to reply to a Tweet that is deleted or not visible to you.")
                if not self._summoned(parent):
                    return _forbidden(_NOT_SUMMONED)
            if self._said_before(text, parent):
                return _forbidden("You are not allowed to create a Tweet with duplicate content.")
            now = self._clock()
            made = self._world.add_post(
                self._world.brand, text, datetime.fromtimestamp(now, UTC), now, parent, source="api"
            )
        self._published(made)
        shown = rest_object(made, (), self.new_words)
        return Reply(201, {"data": shown})

    def mentions(self, user_id: str, query: str) -> Reply:
        """GET /2/users/:id/mentions. Posts that name the user anywhere, even by X's own hand; not the user's own."""
        user = self._world.find_user(user_id)
        if user is None:
            return _not_found(user_id)
        found = (p for p in self._world.newest() if p.names(user) and p.author.id != user.id and not p.author.protected)
        return self._page(list(found)[:REACH], dict(parse_qsl(query, keep_blank_values=True)))

    def timeline(self, user_id: str, query: str) -> Reply:
        """GET /2/users/:id/tweets."""
        user = self._world.find_user(user_id)
        if user is None:
            return _not_found(user_id)
        until = self._clock() - self.timeline_lag
        found = [p for p in self._world.newest() if p.author.id == user.id and p.seen_at <= until]
        return self._page(found, dict(parse_qsl(query, keep_blank_values=True)))

    def search(self, query: str) -> Reply:
        """GET /2/tweets/search/recent: seven days back, quotes on their own text only, nothing of protected users."""
        self.searched += 1
        params = dict(parse_qsl(query, keep_blank_values=True))
        asked = params.pop("query", "")
        start = params.pop("start_time", "")
        if not 1 <= len(asked) <= search.MAX_QUERY or int(params.get("max_results", "10") or 0) < 10:
            return invalid("The query parameter [query] or [max_results] is not valid", {"query": [asked]})
        if start and "since_id" in params:
            return invalid("Only one of 'since_id' and 'start_time' may be given", {"since_id": [params["since_id"]]})
        oldest = datetime.fromtimestamp(self._clock(), UTC) - SEARCH_REACH
        if "since_id" in params and int(params["since_id"] or 0) < int(snowflake_at(oldest)):
            return invalid(
                f"'since_id' must be a tweet id created after [{oldest:%Y-%m-%dT%H:%MZ}].",
                {"since_id": [params["since_id"]]},
            )
        if "next_token" in params:
            params["pagination_token"] = params.pop("next_token")
        begin = datetime.fromisoformat(start) if start else oldest
        found = (p for p in self._world.newest() if p.at >= begin and not p.author.protected)
        try:
            hits = [p for p in found if search.matches(asked, p)]
        except search.NotAQuery as refused:
            return invalid(f"There were errors processing your request: {refused}", {"query": [asked]})
        return self._page(hits, params)

    def hide(self, post_id: str, body: bytes) -> Reply:
        """PUT /2/tweets/:id/hidden: a reply in a conversation the brand began."""
        try:
            asked = loads(body)
        except NotStrictJson:
            asked = None
        if not isinstance(asked, dict) or set(asked) != {"hidden"} or not isinstance(asked["hidden"], bool):
            return invalid("$.hidden is a boolean and nothing else is defined here.", {"hidden": []})
        with self._world.lock:
            post = self._world.find_post(post_id)
            if post is None or post.gone:
                return _not_found(post_id)
            root = self._world.find_post(post.conversation_id)
            if root is None or root.author.id != self._world.brand.id or post.parent is None:
                return _forbidden("You can only hide replies in conversations you started.")
            post.hidden = asked["hidden"]
        return Reply(200, {"data": {"hidden": post.hidden}})

    def delete(self, post_id: str) -> Reply:
        """DELETE /2/tweets/:id: the brand's own."""
        with self._world.lock:
            post = self._world.find_post(post_id)
            if post is None or post.gone:
                return _not_found(post_id)
            if post.author.id != self._world.brand.id:
                return _forbidden("You are not allowed to delete this Post.")
            self._world.remove(post)
        self._deleted(post)
        return Reply(200, {"data": {"deleted": True}})

    def _summoned(self, parent: Post) -> bool:
        brand = self._world.brand
        quotes_us = parent.quoted is not None and parent.quoted.author.id == brand.id
        return parent.author.id == brand.id or parent.calls(brand) or quotes_us

    def _said_before(self, text: str, parent: Post | None) -> bool:
        # X compares whole posts, and a reply begins with the handle of the person it answers.
        def plain(said: str) -> str:
            return " ".join(said.split())

        return any(
            plain(p.text[p.visible_from :]) == plain(with_short_links(text)[0])
            and (p.parent.author.id if p.parent else "") == (parent.author.id if parent else "")
            for p in self._world.newest()
            if p.author.id == self._world.brand.id
        )

    def _page(self, found: list[Post], params: Mapping[str, str]) -> Reply:
        refused = self._refused_parameter(params)
        if refused is not None:
            return refused
        since, before = int(params.get("since_id", "0")), _before(params.get("pagination_token"))
        size = int(params.get("max_results", "10"))
        rest = [p for p in found if int(p.id) > since and (before is None or int(p.id) < before)]
        page = rest[:size]
        if not page:
            return Reply(200, {"meta": {"result_count": 0}})
        meta: dict[str, Any] = {"newest_id": page[0].id, "oldest_id": page[-1].id, "result_count": len(page)}
        if len(rest) > size:
            meta["next_token"] = f"b26v{int(page[-1].id):x}"
        answer: dict[str, Any] = {
            "data": [rest_object(p, self._fields(params), self.new_words) for p in page],
            "meta": meta,
        }
        if "author_id" in params.get("expansions", ""):
            authors = {p.author.id: p.author for p in page}
            answer["includes"] = {"users": [u.shown() for u in authors.values()]}
        return Reply(200, answer)

    def _fields(self, params: Mapping[str, str]) -> set[str]:
        if not self.new_words:
            return words(params, "tweet.fields")
        return words(params, "post.fields") | (words(params, "expansions") & _NEW_EXPANSIONS)

    def _refused_parameter(self, params: Mapping[str, str]) -> Reply | None:
        allowed = _COMMON | (_NEW_ONLY if self.new_words else _OLD_ONLY)
        for name in params:
            if name not in allowed:
                return invalid(f"The query parameter [{name}] is not one of {sorted(allowed)}", {name: [params[name]]})
        known = _NEW_FIELDS if self.new_words else _OLD_FIELDS
        odd = words(params, "post.fields" if self.new_words else "tweet.fields") - known
        if odd:
            return invalid(f"The fields {sorted(odd)} are not one of {sorted(known)}", {"fields": sorted(odd)})
        for name, form in (("max_results", r"[1-9][0-9]{0,2}"), ("since_id", r"[0-9]{1,19}")):
            if name in params and not re.fullmatch(form, params[name]):
                return invalid(f"The query parameter [{name}] is not valid", {name: [params[name]]})
        if not 5 <= int(params.get("max_results", "10")) <= 100:
            return invalid("The query parameter [max_results] is not between 5 and 100", {"max_results": []})
        token = params.get("pagination_token")
        if token is not None and _before(token) is None:
            return invalid("The query parameter [pagination_token] is not valid", {"pagination_token": [token]})
        return None


def problem(status: int, title: str, detail: str, kind: str = "about:blank") -> Reply:
    """A problem as X writes them."""
    return Reply(status, {"title": title, "detail": detail, "type": kind, "status": status})


def words(params: Mapping[str, str], name: str) -> set[str]:
    """The comma-separated words of a parameter."""
    return {word for word in params.get(name, "").split(",") if word}


def _before(token: str | None) -> int | None:
    form = re.fullmatch(r"b26v([0-9a-f]{1,16})", token or "")
    return int(form[1], 16) if form else None


def _forbidden(detail: str) -> Reply:
    return problem(403, "Forbidden", detail)


def _not_found(user_id: str) -> Reply:
    return problem(404, "Not Found Error", f"Could not find [{user_id}].", _PROBLEMS + "resource-not-found")


def invalid(message: str, parameters: Mapping[str, Iterable[str]]) -> Reply:
    """A refusal of the request as such, as X writes it."""
    return Reply(
        400,
        {
            "errors": [{"message": message, "parameters": {name: list(values) for name, values in parameters.items()}}],
            "title": "Invalid Request",
            "detail": "One or more parameters to your request was invalid.",
            "type": _PROBLEMS + "invalid-request",
        },
    )
