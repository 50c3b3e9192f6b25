"""Media and avatars: whose they are, where they come from, how they are shown (H34, H42, H43, H50)."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hark.domain.events import Media, MediaKind

from tests.foreign_site import PUBLIC, Answer, drip, ok, status
from tests.pictures import png

from .browser import Browser
from .conftest import BRAND, Desk
from .media_scene import AVATAR, BYTES, HOST, IMAGE, PICTURE, POST, Scene, SignIn, in_trouble, played, written
from .x_deliveries import KIM, mention


@pytest.fixture
def scene(desk: Desk, sign_in: SignIn, door: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    with played(desk, sign_in, door, monkeypatch) as made:
        yield made


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


def test_h42_a_picture_is_shown_in_a_way_that_can_harm_nobody(scene: Scene) -> None:
    scene.attach(IMAGE)
    scene.answers(ok(BYTES))
    headers = scene.dana.get(scene.path()).headers
    assert headers["content-type"] == "image/png"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert headers["content-disposition"] == "inline"
    assert headers["cache-control"] == "private, max-age=3600"
    assert headers["cross-origin-resource-policy"] == "same-origin"


def test_h42_anything_but_a_picture_is_only_given_to_be_saved(scene: Scene) -> None:
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
        (status("503 Later"), "later"), (status("429 Later"), "later"), (drip(b"H" * 99, 6), "later"),
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
