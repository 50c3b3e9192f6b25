"""Tags: agents put them on a case and take them off, everybody sees who did, and the brand's own words come first."""

from __future__ import annotations

from typing import Any

import pytest

from .browser import Answer, Browser
from .conftest import Desk
from .crowd import said_by
from .one_case import SignIn, at


@pytest.fixture
def eve(sign_in: SignIn) -> Browser:
    return sign_in("eve", name="Eve Liepa")


def tag(browser: Browser, *tags: str, version: int | None = None, key: str | None = None) -> Answer:
    seen = browser.desk.case().version if version is None else version
    return browser.send("PATCH", at(browser.desk), {"version": seen, "tags": list(tags)}, key)


def told(browser: Browser) -> list[tuple[str, str, str]]:
    history = browser.get(at(browser.desk)).said["history"]
    return [(line["code"], line["tag"], line["by"]) for line in history if line["tag"]]


def used(browser: Browser) -> dict[str, int]:
    return {one["tag"]: one["uses"] for one in browser.get("tags").said["items"]}


def test_tags_are_put_on_a_case_and_taken_off_and_it_is_told_who_did(desk: Desk, dana: Browser, eve: Browser) -> None:
    assert dana.get(at(desk)).said["case"]["tags"] == []
    assert tag(dana, "Refund", "LATE  parcel", "refund").said["tags"] == ["refund", "late parcel"]
    assert tag(eve, "late parcel", "החזר").said["tags"] == ["late parcel", "החזר"]
    assert dana.get("queue", "view=open").said["items"][0]["tags"] == ["late parcel", "החזר"]
    assert told(dana) == [
        ("tag.added", "refund", "Dana Ozola"), ("tag.added", "late parcel", "Dana Ozola"),
        ("tag.removed", "refund", "Eve Liepa"), ("tag.added", "החזר", "Eve Liepa"),
    ]  # fmt: skip
    version = desk.case().version
    assert tag(eve, "החזר", "late parcel").said["tags"] == ["late parcel", "החזר"]
    assert desk.case().version == version, "nothing came or went"
    assert tag(eve).said["tags"] == []


def test_a_brands_tags_are_counted_as_they_come_and_go_and_the_most_used_come_first(
    desk: Desk, dana: Browser, sign_in: SignIn
) -> None:
    desk.take_in(said_by(1))
    first, second = (case.id for case in desk.cases())

    def put(case_id: str, *tags: str) -> None:
        version = next(case.version for case in desk.cases() if case.id == case_id)
        assert dana.send("PATCH", f"conversations/{case_id}", {"version": version, "tags": list(tags)}).status == 200

    assert used(dana) == {}
    put(first, "vip", "late")
    put(second, "late")
    assert list(used(dana).items()) == [("late", 2), ("vip", 1)]
    put(first, "late")
    assert used(dana) == {"late": 2}, "what stands nowhere is not proposed"
    put(second, "vip", "late")
    assert used(dana) == {"late": 2, "vip": 1}
    assert used(sign_in("other_dana", "other")) == {}


def test_the_same_click_counts_once_and_a_colleagues_change_is_not_overwritten(
    desk: Desk, dana: Browser, eve: Browser
) -> None:
    seen = desk.case().version
    for _ in range(2):
        assert tag(dana, "vip", version=seen, key="k" * 16).said["tags"] == ["vip"]
    assert used(dana) == {"vip": 1}
    assert tag(eve, "late", version=seen).code == (409, "stale")
    assert desk.case().tags == ("vip",)


@pytest.mark.parametrize(
    ("tags", "status", "code"),
    [
        (["#refund"], 422, "bad_tag"),
        (["a" * 31], 422, "bad_tag"),
        ([""], 422, "bad_tag"),
        ([f"t{n}" for n in range(11)], 422, "too_many_tags"),
        (["t"] * 101, 400, "invalid"),
        ("vip", 400, "invalid"),
        ([1], 400, "invalid"),
    ],
)
def test_what_is_no_tag_is_refused_and_nothing_is_kept(
    desk: Desk, dana: Browser, tags: Any, status: int, code: str
) -> None:
    version = desk.case().version
    answer = dana.send("PATCH", at(desk), {"version": version, "tags": tags, "assignee": "me"})
    assert answer.code == (status, code)
    assert desk.case().version == version and used(dana) == {}
