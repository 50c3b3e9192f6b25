"""What the public sees on the fake Meta, and beside it what only the two in a private thread see."""

from __future__ import annotations

from hark.providers.meta.fake.identity import HANDLE, NAME
from hark.providers.meta.fake.world import Item, Message, World
from hark.testkit import page
from hark.testkit.http_server import Answer
from hark.testkit.page import Line, Thread

_TITLES = {"facebook": "Facebook", "messenger": "Messenger", "instagram": "Instagram"}


def render(world: World) -> Answer:
    """Posts with their comments and private threads, the one that changed last first."""
    with world.lock:
        threads = [_post(world, item) for item in world.items.values() if item.kind != "comment"]
        for platform in ("messenger", "instagram"):
            for person, said in world.threads(platform):
                title = f"{_TITLES[platform]} · private, with {person.name}"
                threads.append(Thread(title, [_message(m) for m in said]))
    threads.sort(key=lambda t: max(line.at for line in t.lines), reverse=True)
    return page.render(
        "The fake Meta", f"The Page and the Instagram account of {NAME} (@{HANDLE}), and its private messages.", threads
    )


def _post(world: World, item: Item) -> Thread:
    where = "somewhere else" if item.foreign else "review" if item.kind == "review" else f"at {NAME}'s"
    below = sorted((i for i in world.items.values() if i.post is item), key=lambda i: (i.at, i.id))
    return Thread(f"{_TITLES[item.platform]} · {where}", [_item(item), *map(_item, below)])


def _item(item: Item) -> Line:
    gone = "This was removed." if not item.visible else "Hidden from the public." if item.hidden else ""
    marks = [name for name, true in (("edited", item.edits), ("live", item.live)) if true]
    marks += [f"{len(item.reactions)} reactions"] if item.reactions else []
    return Line(
        author=item.author_name,
        handle=item.author_handle,
        text="" if gone else item.text,
        at=item.at,
        brand=item.author is None,
        reply=item.post is not None,
        note=gone or _shown_media(len(item.media)),
        language=item.language,
        mark=", ".join(marks),
    )


def _message(said: Message) -> Line:
    return Line(
        author=NAME if said.own else said.person.name,
        handle=HANDLE if said.own else said.person.username,
        text="" if said.gone else said.text,
        at=said.at,
        brand=said.own,
        reply=said.own,
        note="This was unsent." if said.gone else _shown_media(len(said.media)),
        language=said.language,
        mark="edited" if said.edits else said.reaction,
    )


def _shown_media(count: int) -> str:
    return f"with {count} attached" if count else ""
