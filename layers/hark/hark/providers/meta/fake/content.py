"""Posts, comments, likes, mentions of the fake Graph API: read, said, hidden, removed (contract 8)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from hark.providers.meta.fake import shapes
from hark.providers.meta.fake.ask import Ask
from hark.providers.meta.fake.calls import Calls, Done
from hark.providers.meta.fake.errors import GraphError, bad_parameter, does_not_exist, permission
from hark.providers.meta.fake.fields import Field, parse, select
from hark.providers.meta.fake.identity import INSTAGRAM_ID, NAME, PAGE_ID
from hark.providers.meta.fake.nodes import DEFAULTS, listed
from hark.providers.meta.fake.world import Item

LONGEST = {"facebook": 8000, "instagram": 300}
"""Characters of a comment. For Pages nothing is documented; Instagram's is an old rule, with the two below."""
MOST_HASHTAGS, MOST_LINKS = 4, 1
SAME_TEXT = timedelta(minutes=5)
"""So long the same words under the same thing are refused as posted twice."""


class Content(Calls):
    """What is public."""

    def read(self, ask: Ask, item: Item) -> Done:
        """GET one item."""
        self._may_read(item)
        kind, node = self._nodes.item(item, self._now(), self._shows_authors())
        return select(node, _wanted(ask, kind))

    def comments(self, ask: Ask, item: Item) -> Done:
        """GET comments of a post or medium, or replies to a comment, with filter, order, since and until."""
        self._may_read(item)
        below = self._nodes.comments(item, flat=ask.given("filter") == "stream")
        newest_first = ask.given("order") == "reverse_chronological" or (
            item.platform == "instagram" and item.kind == "post"
        )
        below = self._between(ask, below)
        return self._listed(
            ask, reversed(below) if newest_first else below, 50 if item.platform == "instagram" else 100
        )

    def posts(self, ask: Ask, platform: str) -> Done:
        """GET our Page's feed, visitors' posts included, or our media; the newest first."""
        self._permissions.need(*self._reading(platform))
        return self._listed(ask, self._between(ask, self._world.posts(platform)), 100)

    def publish(self, ask: Ask) -> Done:
        """POST to the Page's feed."""
        self._permissions.need(PAGE_ID, "pages_manage_posts")
        text = ask.text("message")
        made = self._world.add_item(
            Item(self._world.post_id("facebook", PAGE_ID), "facebook", "post", None, text, self._now(), by_api=True)
        )
        self._tell(*shapes.public("add", made, self._now()))
        self._record(made.id, "facebook", "post", text, PAGE_ID, "")
        return {"id": made.id}

    def comment(self, ask: Ask, item: Item) -> Done:
        """POST a comment under a post or medium, or a reply to a comment."""
        self._may_manage(item)
        text = self._words(ask, item.platform)
        with self._world.lock:
            self._check_place(item)
            made = self._answer(item, text)
        self._tell(*shapes.public("add", made, self._now()))
        self._record(made.id, item.platform, "public_reply", text, item.id, item.author_id)
        return {"id": made.id}

    def mention(self, ask: Ask) -> Done:
        """POST an answer where the Instagram account was mentioned: by `comment_id`, or in the caption."""
        self._permissions.need(INSTAGRAM_ID, "instagram_manage_comments")
        text = self._words(ask, "instagram")
        wanted = ask.given("comment_id") or ask.text("media_id")
        with self._world.lock:
            item = self._world.items.get(wanted)
            if item is None or not item.visible or not item.foreign or (item.post or item).id != ask.given("media_id"):
                raise does_not_exist(wanted)
            made = self._answer(item, text)
        self._record(made.id, "instagram", "public_reply", text, item.id, item.author_id)
        return {"id": made.id}

    def change(self, ask: Ask, item: Item) -> Done:
        """POST to an item: hide, show, edit our own words, switch comments of a medium on and off."""
        if item.platform == "facebook" and "message" in ask.params:
            return self._edit(ask, item)
        if item.platform == "instagram" and item.kind == "post" and "comment_enabled" in ask.params:
            self._may_manage(item)
            item.comments_off = not ask.flag("comment_enabled")
            return {"success": True}
        name = "is_hidden" if item.platform == "facebook" else "hide"
        if item.kind != "comment" and item.platform == "instagram":
            raise bad_parameter("Only comments can be hidden")
        self._may_manage(item)
        hidden = ask.flag(name)
        if item.author is None or item.foreign:
            raise permission("can_hide")
        with self._world.lock:
            changed, item.hidden = item.hidden != hidden, hidden
        if changed:
            self._tell(*shapes.public("hide" if hidden else "unhide", item, self._now()))
        self._record(item.id, item.platform, "hide" if hidden else "unhide", "", item.id, item.author_id)
        return {"success": True}

    def remove(self, item: Item) -> Done:
        """DELETE an item on our Page or under our media."""
        self._may_manage(item)
        if item.foreign and item.author is not None:
            raise permission("can_remove")
        item.gone = True
        self._tell(*shapes.public("remove", item, self._now()))
        self._record(item.id, item.platform, "delete", "", item.id, item.author_id)
        return {"success": True}

    def like(self, item: Item, likes: bool) -> Done:
        """POST or DELETE the Page's like."""
        if item.platform != "facebook":
            raise bad_parameter("There is no such edge")
        self._may_manage(item)
        with self._world.lock:
            before = item.reactions.pop(PAGE_ID, None)
            if likes:
                item.reactions[PAGE_ID] = "like"
        if (before is not None) != likes:
            verb = "add" if likes else "remove"
            self._tell(shapes.reaction(verb, item, PAGE_ID, NAME, "like", self._now()))
        self._record(item.id, "facebook", "like" if likes else "unlike", "", item.id, item.author_id)
        return {"success": True}

    def _edit(self, ask: Ask, item: Item) -> Done:
        self._may_manage(item)
        if item.author is not None or not item.by_api:
            raise permission("can_edit")
        item.text, item.changed_at = self._words(ask, item.platform), self._now()
        item.edits += 1
        self._tell(*shapes.public("edited", item, self._now()))
        self._record(item.id, item.platform, "edit", item.text, item.id, "")
        return {"success": True}

    def _answer(self, item: Item, text: str) -> Item:
        post = item.post or item
        parent = item if item.kind == "comment" else None
        if item.platform == "instagram" and parent is not None:
            # A reply to a reply lands under the top comment.
            parent = parent.parent or parent
        now = self._now()
        if item.platform == "facebook" and any(
            c.author is None and c.text == text and c.parent is parent and now - c.at < SAME_TEXT
            for c in self._world.comments(post)
        ):
            raise GraphError(506, "Duplicate status message")
        made = Item(
            self._world.comment_id(post), item.platform, "comment", None, text, now,
            post=post, parent=parent, foreign=item.foreign, by_api=True,
        )  # fmt: skip
        return self._world.add_item(made)

    def _check_place(self, item: Item) -> None:
        if item.kind == "review":
            raise bad_parameter("Reviews are not answered here")
        if not item.visible:
            raise does_not_exist(item.id)
        if item.platform == "instagram":
            post = item.post or item
            if item.foreign:
                raise does_not_exist(item.id)
            if item.hidden or post.live or post.comments_off:
                raise bad_parameter("Comments cannot be made here: hidden, live, or switched off")

    def _words(self, ask: Ask, platform: str) -> str:
        text = ask.text("message")
        if len(text) > LONGEST[platform]:
            raise bad_parameter(f"The comment is longer than {LONGEST[platform]} characters")
        if platform == "instagram":
            hashtags, links = re.findall(r"#\w+", text), re.findall(r"https?://", text)
            if len(hashtags) > MOST_HASHTAGS or len(links) > MOST_LINKS:
                raise bad_parameter("The comment has too many hashtags or links")
        return text

    def _may_manage(self, item: Item) -> None:
        if item.platform == "facebook":
            self._permissions.need(PAGE_ID, "pages_manage_engagement")
        else:
            self._permissions.need(INSTAGRAM_ID, "instagram_manage_comments")

    def _may_read(self, item: Item) -> None:
        self._permissions.need(*self._reading(item.platform))

    @staticmethod
    def _reading(platform: str) -> tuple[str, str]:
        return (PAGE_ID, "pages_read_engagement") if platform == "facebook" else (INSTAGRAM_ID, "instagram_basic")

    def _shows_authors(self) -> bool:
        return self._permissions.has(PAGE_ID, "pages_read_user_content")

    def _between(self, ask: Ask, items: list[Item]) -> list[Item]:
        since, until = _moment(ask, "since"), _moment(ask, "until")
        return [i for i in items if (since is None or i.at >= since) and (until is None or i.at <= until)]

    def _listed(self, ask: Ask, items: Iterable[Item], most: int) -> Done:
        shown = [self._nodes.item(i, self._now(), self._shows_authors()) for i in items]
        kind = shown[0][0] if shown else "comment"
        return listed([node for _, node in shown], as_edge(ask), kind, most)


def as_edge(ask: Ask) -> Field:
    """The call as if its edge had been a field of another call.

    Raises:
        GraphError: 100, `fields` is malformed.
    """
    args = {name: ask.given(name) for name in ("limit", "after") if name in ask.params}
    return Field(ask.edge, args, parse(ask.given("fields")) if ask.given("fields") else ())


def _wanted(ask: Ask, kind: str) -> tuple[Field, ...]:
    return parse(ask.given("fields")) if ask.given("fields") else DEFAULTS[kind]


def _moment(ask: Ask, name: str) -> datetime | None:
    given = ask.given(name)
    if not given:
        return None
    if given.isascii() and given.isdigit():
        return datetime.fromtimestamp(int(given), UTC)
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        raise bad_parameter(f"{name} is no time") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
