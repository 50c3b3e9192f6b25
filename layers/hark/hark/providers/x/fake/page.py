"""The public timeline of the fake X as a page: threads, newest first, so that a newcomer sees an answer arrive."""

from __future__ import annotations

from hark.providers.x.fake.content import Post
from hark.providers.x.fake.world import World
from hark.testkit import page
from hark.testkit.http_server import Answer
from hark.testkit.page import Line, Thread


def render(world: World) -> Answer:
    """The page. Private messages are not on it."""
    threads: dict[str, list[Post]] = {}
    for post in world.posts():
        if post.is_newest:
            threads.setdefault(post.conversation_id, []).append(post)
    return page.render(
        "The fake X",
        f"What the public sees: {len(threads)} threads around @{world.brand.username}.",
        [Thread("Post", [_line(post, world) for post in reversed(posts)]) for posts in threads.values()],
    )


def _line(post: Post, world: World) -> Line:
    notes = []
    if post.gone:
        notes.append("This post was deleted by its author.")
    if post.hidden:
        notes.append("Hidden by the author of the conversation.")
    if post.quoted is not None:
        quoted = "deleted" if post.quoted.gone else post.quoted.text
        notes.append(f"Quoting @{post.quoted.author.username}: {quoted}")
    return Line(
        author=post.author.name,
        handle=post.author.username,
        text="" if post.gone or post.hidden else post.text,
        at=post.at,
        brand=post.author.id == world.brand.id,
        reply=post.parent is not None,
        note=" ".join(notes),
        language=post.language,
        mark="edited" if len(post.versions) > 1 else "",
    )
