"""Copies of media and avatars: what is kept in time, and what goes with its message or person (I6, I30)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hark import operator
from hark.domain.account import Account
from hark.domain.events import Media, MediaKind, Profile

from tests.foreign_site import Answer, drip, ok, status

from .conftest import BRAND, Desk, running
from .media_scene import AVATAR, BYTES, HOST, IMAGE, PICTURE, Scene, SignIn, in_trouble, played, written
from .x_deliveries import KIM


@pytest.fixture
def scene(desk: Desk, sign_in: SignIn, door: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    with played(desk, sign_in, door, monkeypatch) as made:
        yield made


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


@pytest.mark.parametrize("answer", [status("404 Gone"), status("500 Oh"), ok(b"<html>"), drip(b"H" * 99, 6), ok(b"")])
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
    scene.site.answers.update({f"/media/a.png?{n}": drip(ok(BYTES), 0.1) for n in range(5)})
    scene.counted()
    began = time.monotonic()
    scene.copies.keep("x", message, seconds=1.5)
    assert time.monotonic() - began < 5
    assert scene.counted()["media_lost"] == 5
    assert len(scene.site.requests) <= 1


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


def test_the_intake_is_permitted_to_keep_and_to_forget(scene: Scene) -> None:
    message = scene.attach(replace(IMAGE, expires=scene.desk.clock() + timedelta(hours=1)))
    scene.answers(ok(BYTES))
    function = running.set("ingest")
    try:
        scene.copies.keep("x", message)
        assert len(scene.stored()) == 1
        scene.copies.forget(message)
    finally:
        running.reset(function)
    assert scene.stored() == []
