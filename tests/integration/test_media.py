"""Media and avatars: whose they are, where they come from, how they are shown, when they go (H34, H42, H43, I6)."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hark import aws, operator, wiring
from hark.desk.media import Copies
from hark.domain.account import Account
from hark.domain.events import Media, MediaKind, Profile
from hark.domain.message import Message, gone, kept_media
from hark.fetch.guarded import Fetcher, Limits

from tests.foreign_site import PUBLIC, Answer, ForeignSite, drip, ok, status, trust
from tests.pictures import png

from .conftest import BRAND, KIM, Browser, Desk, mention

HOST = "pbs.twimg.com"
POST = "2123706425275322373"
PICTURE = f"https://{HOST}/media/a.png"
AVATAR = f"https://{HOST}/profile_images/1/k.png"
BYTES = png(40, 30)
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


@pytest.fixture
def scene(desk: Desk, sign_in: SignIn, door: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    monkeypatch.setenv("MEDIA_BUCKET", "copies")
    aws.s3().create_bucket(Bucket="copies")
    wiring.copies.cache_clear()
    with ForeignSite(certificate_for=HOST) as site:
        fetcher = Fetcher(lambda host, seconds: [PUBLIC], site.connect, trust, Limits(whole=3.0, read=1.0))
        copies = replace(wiring.copies(), fetcher=fetcher)
        monkeypatch.setattr(wiring, "copies", lambda: copies)
        desk.take_in(mention())
        yield Scene(desk, sign_in(seconds=40 * 86_400), site, copies, door.counted)
    monkeypatch.undo()
    wiring.copies.cache_clear()


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


IMAGE = Media(MediaKind.IMAGE, PICTURE)


# --- shown --------------------------------------------------------------------------------------


def test_a_picture_is_fetched_when_first_looked_at_and_kept(scene: Scene) -> None:
    scene.attach(IMAGE)
    scene.answers(ok(BYTES, "Content-Type: text/html"))
    for _ in range(3):
        seen = scene.dana.get(scene.path())
        assert (seen.status, seen.body.encode("latin-1")) == (200, BYTES)
    assert len(scene.site.requests) == 1
    assert scene.site.dialled == [(PUBLIC, 443)]
    assert len(scene.stored()) == 1
    assert scene.stored()[0].startswith(f"{BRAND}/messages/x/")
    assert (POST in scene.stored()[0], HOST in scene.stored()[0]) == (False, False)


def test_a_copy_is_shown_when_the_platform_has_it_no_more(scene: Scene) -> None:
    scene.attach(replace(IMAGE, expires=scene.desk.clock() + timedelta(hours=1)))
    scene.answers(ok(BYTES))
    assert scene.dana.get(scene.path()).status == 200
    scene.desk.clock.forward(hours=2)
    scene.answers(status("403 Expired"))
    assert scene.dana.get(scene.path()).status == 200


def test_a_picture_is_shown_in_a_way_that_can_harm_nobody(scene: Scene) -> None:
    scene.attach(IMAGE)
    scene.answers(ok(BYTES))
    headers = scene.dana.get(scene.path()).headers
    assert headers["content-type"] == "image/png"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert headers["content-disposition"] == "inline"
    assert headers["cache-control"] == "private, max-age=3600"
    assert headers["cross-origin-resource-policy"] == "same-origin"


def test_anything_but_a_picture_is_only_given_to_be_saved(scene: Scene) -> None:
    scene.attach(Media(MediaKind.FILE, PICTURE, name="../../Rēķins\u202efdp.exe"))
    scene.answers(ok(b"%PDF-1.7 <script>alert(1)</script>"))
    headers = scene.dana.get(scene.path()).headers
    assert headers["content-type"] == "application/pdf"
    assert headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert headers["content-disposition"] == (
        "attachment; filename=\"Rekinsfdp.exe.pdf\"; filename*=UTF-8''R%C4%93%C4%B7insfdp.exe.pdf"
    )


def test_the_page_itself_may_show_pictures_of_its_own_origin_only(scene: Scene) -> None:
    policy = scene.dana.ask("GET", "/").headers["content-security-policy"]
    assert "img-src 'self' data:;" in policy
    assert "https:" not in policy


# --- whose it is (H34, H38, H43) ----------------------------------------------------------------


def test_h43_what_is_not_there_for_this_brand_and_case_is_not_found(scene: Scene, sign_in: SignIn) -> None:
    scene.attach(IMAGE, Media(MediaKind.LOCATION, value="1,2"), Media(MediaKind.LINK, PICTURE), Media(MediaKind.IMAGE))
    scene.answers(ok(BYTES))
    case = scene.desk.case().id
    assert scene.dana.get(scene.path()).status == 200
    for path in (
        scene.path(1), scene.path(2), scene.path(4), scene.path(99), scene.path("-1"), scene.path("0x0"),
        scene.path(message=written("2123706425275322374")), scene.path(case="c" + "a" * 25),
        scene.path(message=POST), scene.path(message=written(POST) + "="), scene.path(message="_" * 1500),
        scene.path(message=written(POST)[:-1] + "9"), scene.path(message=urlsafe_b64encode(b"\xff").decode()[:2]),
        f"media/{case}%2f..%2f/{written(POST)}/0", f"media/{case}/..%2f..%2fx/0", f"media/{case}/%00/0",
        f"media/{case}//0", f"media/{case}/{written(POST)}/0/1", f"media/{case}/{written(POST)}",
    ):  # fmt: skip
        assert scene.dana.get(path).code == (404, "not_found"), path
    assert scene.dana.get(scene.path(3)).headers["x-media"] == "gone", "a picture of which the platform gave no address"
    other = sign_in("olga", "globex")
    assert other.get(scene.path()).code == (404, "not_found")
    assert Browser(scene.desk).get(scene.path()).code == (401, "signed_out")
    assert scene.dana.get(scene.path(), "x=1").code == (400, "unknown_parameter")


def test_h43_a_picture_of_another_conversation_is_not_found(scene: Scene) -> None:
    scene.attach(IMAGE)
    scene.answers(ok(BYTES))
    first = scene.desk.case().id
    scene.desk.take_in(mention("2123706425275322999", author_id="7770003", conversation_id="2123706425275322999"))
    [second] = [c.id for c in scene.desk.cases() if c.id != first]
    assert scene.dana.get(scene.path(case=second)).code == (404, "not_found")
    assert scene.dana.get(scene.path(case=first)).status == 200


# --- what cannot be shown -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (status("404 Gone"), "gone"), (status("403 Expired"), "gone"), (ok(b"<svg onload='x()'/>"), "unfit"),
        (ok(b"<html>", "Content-Type: image/png"), "unfit"), (ok(png(16_000, 16_000)), "unfit"),
        (ok(b"", length=9_000_000), "unfit"), (status("302 There", "Location: http://169.254.169.254/"), "unfit"),
        (status("503 Later"), "later"), (status("429 Later"), "later"), (drip(b"H" * 99, 2), "later"),
    ],
)  # fmt: skip
def test_what_cannot_be_shown_is_said_and_not_kept(scene: Scene, answer: Answer, code: str) -> None:
    scene.attach(IMAGE)
    scene.answers(answer)
    seen = scene.dana.get(scene.path())
    assert (seen.status, seen.body, seen.headers["x-media"]) == (204, "", code)
    assert seen.headers["cache-control"] == ("no-store" if code == "later" else "private, max-age=3600")
    assert scene.stored() == []
    scene.answers(ok(BYTES))
    assert scene.dana.get(scene.path()).status == 200, "asked again, the platform may have it"


@pytest.mark.parametrize(
    "url",
    ["https://169.254.169.254/latest/meta-data/", "http://pbs.twimg.com/media/a.png", "https://evil.example/media/a.png",
     "https://pbs.twimg.com@evil.example/", "file:///etc/passwd", "https://scontent.xx.fbcdn.net/a.png"],
)  # fmt: skip
def test_h50_an_address_that_is_not_the_platforms_is_not_asked_and_counted(scene: Scene, url: str) -> None:
    scene.attach(Media(MediaKind.IMAGE, url))
    scene.counted()
    seen = scene.dana.get(scene.path())
    assert (seen.status, seen.headers["x-media"]) == (204, "unfit")
    assert scene.site.dialled == []
    assert scene.counted()["ssrf_block"] == 1


def test_an_address_that_has_ended_is_not_asked_any_more(scene: Scene) -> None:
    scene.attach(replace(IMAGE, expires=scene.desk.clock()))
    assert scene.dana.get(scene.path()).headers["x-media"] == "gone"
    assert scene.site.requests == []


def test_f28_a_bucket_in_trouble_is_our_fault_and_said_so(scene: Scene) -> None:
    scene.attach(IMAGE)
    scene.answers(ok(BYTES))
    for operation in ("GetObject", "PutObject"):
        with in_trouble(operation):
            assert scene.dana.get(scene.path()).code == (503, "failed")
    assert scene.dana.get(scene.path()).status == 200


# --- avatars ------------------------------------------------------------------------------------


def test_a_persons_picture_is_fetched_once_and_shown_from_here(scene: Scene) -> None:
    scene.know(AVATAR)
    scene.answers(ok(BYTES))
    for _ in range(2):
        seen = scene.dana.get(f"avatars/x/{written(KIM)}")
        assert (seen.status, seen.body.encode("latin-1")) == (200, BYTES)
        assert seen.headers["cache-control"] == "private, max-age=86400"
    assert len(scene.site.requests) == 1
    assert scene.stored()[0].startswith(f"{BRAND}/people/x/")


def test_a_new_picture_of_a_person_is_not_the_old_one(scene: Scene) -> None:
    scene.know(AVATAR)
    scene.answers(ok(BYTES))
    scene.dana.get(f"avatars/x/{written(KIM)}")
    scene.know(AVATAR + "?2")
    scene.site.answers["/profile_images/1/k.png?2"] = ok(png(5, 5))
    assert scene.dana.get(f"avatars/x/{written(KIM)}").body.encode("latin-1") == png(5, 5)


def test_h34_a_person_without_a_picture_is_as_one_nobody_knows_or_another_brand_does(
    scene: Scene, sign_in: SignIn
) -> None:
    olga = sign_in("olga", "globex")
    nobody = scene.dana.get(f"avatars/x/{written('1')}")
    assert (nobody.status, nobody.headers["x-media"]) == (204, "gone")
    scene.know("")
    assert scene.dana.get(f"avatars/x/{written(KIM)}") == nobody
    scene.know(AVATAR)
    scene.answers(ok(BYTES))
    assert scene.dana.get(f"avatars/viber/{written(KIM)}") == nobody
    assert olga.get(f"avatars/x/{written(KIM)}") == nobody
    for path in (f"avatars/..%2f/{written(KIM)}", f"avatars/x/{KIM}", f"avatars/x/{written(KIM)}/x", "avatars/x/"):
        assert scene.dana.get(path).code == (404, "not_found"), path


def test_a_picture_of_a_person_that_is_none_is_not_given_to_be_saved(scene: Scene) -> None:
    scene.know(AVATAR)
    scene.answers(ok(b"%PDF-1.7"))
    assert scene.dana.get(f"avatars/x/{written(KIM)}").headers["x-media"] == "unfit"


# --- kept in time, and forgotten (I6, I30) ------------------------------------------------------


def test_what_ends_within_a_day_is_kept_before_anybody_looks(scene: Scene) -> None:
    now = scene.desk.clock()
    message = scene.attach(
        replace(IMAGE, expires=now + timedelta(hours=23)),
        Media(MediaKind.IMAGE, PICTURE + "?b", expires=now + timedelta(hours=25)),
        Media(MediaKind.IMAGE, PICTURE + "?c"),
        Media(MediaKind.LINK, PICTURE + "?d", expires=now),
    )
    scene.answers(ok(BYTES))
    scene.copies.keep("x", message)
    assert len(scene.site.requests) == len(scene.stored()) == 1
    scene.answers(status("403 Expired"))
    scene.desk.clock.forward(days=30)
    assert scene.dana.get(scene.path()).status == 200


@pytest.mark.parametrize("answer", [status("404 Gone"), status("500 Oh"), ok(b"<html>"), drip(b"H" * 99, 2), ok(b"")])
def test_what_could_not_be_kept_is_counted_and_stops_nobody(scene: Scene, answer: Answer) -> None:
    ends = scene.desk.clock() + timedelta(hours=1)
    message = scene.attach(
        replace(IMAGE, expires=ends), Media(MediaKind.FILE, f"https://{HOST}/b", expires=ends),
        Media(MediaKind.IMAGE, "https://evil.example/", expires=ends),
    )  # fmt: skip
    scene.answers(answer)
    scene.site.answers["/b"] = ok(b"%PDF-1.7")
    scene.counted()
    scene.copies.keep("x", message)
    assert scene.counted()["media_lost"] == 2
    assert len(scene.stored()) == 1


def test_keeping_ends_in_time_however_slow_the_platform_is(scene: Scene) -> None:
    ends = scene.desk.clock() + timedelta(hours=1)
    message = scene.attach(*(Media(MediaKind.IMAGE, f"{PICTURE}?{n}", expires=ends) for n in range(5)))
    scene.site.answers.update({f"/media/a.png?{n}": drip(ok(BYTES), 0.05) for n in range(5)})
    scene.counted()
    scene.copies.keep("x", message, seconds=0.5)
    assert scene.counted()["media_lost"] == 5
    assert len(scene.site.requests) == 1


def test_a_bucket_in_trouble_does_not_stop_the_intake(scene: Scene) -> None:
    message = scene.attach(replace(IMAGE, expires=scene.desk.clock()))
    scene.answers(ok(BYTES))
    scene.counted()
    with in_trouble("PutObject"):
        scene.copies.keep("x", message)
    assert scene.counted()["media_lost"] == 1


def test_i6_copies_go_with_their_message(scene: Scene) -> None:
    message = scene.attach(IMAGE, Media(MediaKind.IMAGE, PICTURE + "?b"))
    scene.answers(ok(BYTES))
    scene.site.answers["/media/a.png?b"] = ok(BYTES)
    scene.dana.get(scene.path(0))
    scene.dana.get(scene.path(1))
    scene.attach()  # an edit took the pictures away: the copies are still there
    assert len(scene.stored()) == 2
    scene.tombstone()
    scene.copies.forget(message)
    assert scene.stored() == []
    assert scene.dana.get(scene.path()).code == (404, "not_found")


@pytest.mark.parametrize("looked_at", [True, False])
def test_i6_a_message_deleted_while_its_picture_is_fetched_leaves_no_copy(scene: Scene, looked_at: bool) -> None:
    message = scene.attach(replace(IMAGE, expires=scene.desk.clock() + timedelta(hours=1)))

    def deleted_meanwhile() -> Iterator[bytes]:
        scene.tombstone()
        scene.copies.forget(message)
        yield ok(BYTES)

    scene.answers(deleted_meanwhile)
    if looked_at:
        assert scene.dana.get(scene.path()).code == (404, "not_found")
    else:
        scene.copies.keep("x", message)
    assert len(scene.site.requests) == 1
    assert scene.stored() == []


def test_i30_pictures_of_a_person_go_with_them(scene: Scene) -> None:
    scene.know(AVATAR)
    scene.answers(ok(BYTES))
    scene.dana.get(f"avatars/x/{written(KIM)}")
    scene.copies.forget_person(BRAND, "x", KIM)
    assert scene.stored() == []


def test_another_brands_copies_are_its_own(scene: Scene) -> None:
    operator.connect(
        scene.desk.table, "/hark/test", Account(provider="x", id="1", brand="globex", platform="x", handle="g"), {}
    )
    scene.know(AVATAR)
    scene.desk.table.transact([scene.copies.messages.identity("globex", "x", Profile(KIM, avatar=AVATAR))])
    scene.answers(ok(BYTES))
    for brand in (BRAND, "globex"):
        scene.copies.of_person(brand, "x", KIM)
    scene.copies.forget_person(BRAND, "x", KIM)
    assert [key.split("/")[0] for key in scene.stored()] == ["globex"]
