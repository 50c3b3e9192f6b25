"""A desk with one message, and X's picture host as a test plays it: for the tests of media and avatars."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hark import aws, wiring
from hark.desk.media import Copies
from hark.domain.events import Media, MediaKind, Profile
from hark.domain.message import Message, gone, kept_media
from hark.fetch.guarded import Fetcher, Limits

from tests.foreign_site import PUBLIC, Answer, ForeignSite, trust
from tests.pictures import png

from .browser import Browser
from .conftest import BRAND, Desk
from .x_deliveries import KIM, mention

HOST = "pbs.twimg.com"
POST = "2123706425275322373"
PICTURE = f"https://{HOST}/media/a.png"
AVATAR = f"https://{HOST}/profile_images/1/k.png"
BYTES = png(40, 30)
IMAGE = Media(MediaKind.IMAGE, PICTURE)
SignIn = Callable[..., Browser]


def written(plain: str) -> str:
    """A platform's id as the routes take it."""
    return urlsafe_b64encode(plain.encode()).decode().rstrip("=")


@dataclass
class Scene:
    """A case with one message of Kim's, an agent who looks at it, and X's picture host as this test plays it."""

    desk: Desk
    dana: Browser
    site: ForeignSite
    copies: Copies
    counted: Callable[[], dict[str, int]]

    def attach(self, *media: Media, brand: str = BRAND) -> Message:
        old = self.message(brand)
        new = old.model_copy(update={"media": tuple(kept_media(m) for m in media)})
        self.desk.table.transact([self.copies.messages.write(old, new)])
        return self.message(brand)

    def message(self, brand: str = BRAND) -> Message:
        found = self.copies.messages.get(brand, "x", POST)
        assert found is not None
        return found

    def tombstone(self) -> None:
        old = self.message()
        self.desk.table.transact([self.copies.messages.write(old, gone(old, old.id, BRAND, "x"))])

    def path(self, number: int | str = 0, message: str = written(POST), case: str = "") -> str:
        return f"media/{case or self.desk.case().id}/{message}/{number}"

    def stored(self) -> list[str]:
        return [o["Key"] for o in aws.s3().list_objects_v2(Bucket="copies").get("Contents", [])]

    def answers(self, answer: Answer) -> None:
        self.site.answers.update({"/media/a.png": answer, "/profile_images/1/k.png": answer})

    def know(self, avatar: str) -> None:
        self.desk.table.transact(
            [self.copies.messages.identity(BRAND, "x", Profile(KIM, "kim_l", "Kim", avatar=avatar))]
        )


@contextmanager
def played(desk: Desk, sign_in: SignIn, door: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    """A scene. The product's own parts but for the fetcher, which takes this test's site for the public internet."""
    monkeypatch.setenv("MEDIA_BUCKET", "copies")
    aws.s3().create_bucket(Bucket="copies")
    made_once = wiring.copies
    made_once.cache_clear()
    with ForeignSite(certificate_for=HOST) as site:
        fetcher = Fetcher(lambda host, seconds: [PUBLIC], site.connect, trust, Limits(read=2.0))
        copies = replace(made_once(), fetcher=fetcher)
        monkeypatch.setattr(wiring, "copies", lambda: copies)
        desk.take_in(mention())
        yield Scene(desk, sign_in(seconds=40 * 86_400), site, copies, door.counted)
    made_once.cache_clear()


@contextmanager
def in_trouble(operation: str) -> Iterator[None]:
    """The bucket's service refuses an operation."""

    def refuse(**_: Any) -> None:
        raise ClientError({"Error": {"Code": "SlowDown", "Message": ""}}, operation)

    events = aws.s3().meta.events
    events.register(f"before-call.s3.{operation}", refuse)
    try:
        yield
    finally:
        events.unregister(f"before-call.s3.{operation}", refuse)
