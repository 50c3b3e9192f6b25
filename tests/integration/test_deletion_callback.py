"""Meta's endpoint check (H20) and a person's wish that our data about them be deleted (H26), at the real door."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from hark import aws
from hark.domain.events import Profile
from hark.providers.meta.fake import SECRETS
from hark.providers.meta.fake.webhooks import signed_request
from hark.store import keys
from hark.store.messages import Messages

from .conftest import BRAND, Door
from .gateway import request
from .town import Town, Towns

PAGE = "100200300400"
SECRET, VERIFY = SECRETS[PAGE]["app_secret"], SECRETS[PAGE]["verify_token"]
FORM = {"content-type": "application/x-www-form-urlencoded", "host": "desk.example.com"}
PERSON = "1002003004005006"


@pytest.fixture
def town(town_of: Towns) -> Iterator[Town]:
    aws.s3().create_bucket(Bucket="hark-media")
    with town_of("meta") as town:
        yield town


def get(town: Town, query: str, path: str = "") -> dict[str, Any]:
    return dict(town.desk.call("webhook", request("GET", f"/webhooks/meta{path}", query=query)))


def ask(town: Town, form: bytes, path: str = "data-deletion") -> dict[str, Any]:
    return dict(town.desk.call("webhook", request("POST", f"/webhooks/meta/{path}", form, FORM)))


def wish(user: str = PERSON, secret: str = SECRET, **more: Any) -> bytes:
    asked = {"user_id": user, "algorithm": "HMAC-SHA256", "issued_at": 1_795_219_200} | more
    return urlencode({"signed_request": signed_request(secret, asked)}).encode()


# --- H20 ---


def test_h20_the_right_check_is_answered_with_its_own_digits_as_plain_text(town: Town) -> None:
    answer = get(town, urlencode({"hub.mode": "subscribe", "hub.verify_token": VERIFY, "hub.challenge": "1158201444"}))
    assert (answer["statusCode"], answer["body"]) == (200, "1158201444")
    assert answer["headers"]["content-type"].startswith("text/plain")
    assert town.told("meta", "verify")["passed"] is True


@pytest.mark.parametrize(
    "asked",
    [
        {"hub.mode": "subscribe", "hub.verify_token": "wrong", "hub.challenge": "1158201444"},
        {"hub.mode": "subscribe", "hub.verify_token": "", "hub.challenge": "1158201444"},
        {"hub.mode": "subscribe", "hub.verify_token": VERIFY},
        {"hub.mode": "subscribe", "hub.verify_token": VERIFY, "hub.challenge": "<script>alert(1)</script>"},
        {"hub.mode": "unsubscribe", "hub.verify_token": VERIFY, "hub.challenge": "1158201444"},
        {},
    ],
    ids=["wrong token", "empty token", "no challenge", "html", "other mode", "nothing"],
)
def test_h20_any_other_check_is_refused_and_counted(town: Town, door: Door, asked: dict[str, str]) -> None:
    door.counted()
    answer = get(town, urlencode(asked))
    assert (answer["statusCode"], answer["body"]) == (403, "")
    assert door.counted() == {"verify_bad": 1}


# --- H26 ---


def tampered() -> bytes:
    signature, _, _ = parse_qs(wish().decode())["signed_request"][0].partition(".")
    payload = base64.urlsafe_b64encode(json.dumps({"user_id": "other", "algorithm": "HMAC-SHA256"}).encode()).decode()
    return urlencode({"signed_request": f"{signature}.{payload.rstrip('=')}"}).encode()


@pytest.mark.parametrize(
    "form",
    [
        wish(secret="0" * 32),
        tampered(),
        wish(algorithm="none"),
        b"",
        b"signed_request=",
        b"signed_request=a.b",
        wish() + b"&" + wish("2"),
        b"\xff\xfe",
    ],
    ids=["other secret", "other words", "other algorithm", "nothing", "empty", "no signature", "twice", "no text"],
)  # fmt: skip
def test_h26_a_forged_wish_is_refused_counted_and_changes_nothing(town: Town, door: Door, form: bytes) -> None:
    before = town.desk.items()
    door.counted()
    answer = ask(town, form)
    assert (answer["statusCode"], answer["body"]) == (401, "")
    assert door.counted() == {"del_bad": 1}
    assert town.desk.items() == before


def test_h26_a_right_wish_takes_what_we_know_under_that_id_and_tells_where_to_ask(town: Town, door: Door) -> None:
    messages = Messages(town.desk.table)
    for platform in ("facebook", "messenger", "instagram"):
        town.desk.table.change(messages.identity(BRAND, platform, Profile(PERSON, "kim", "Kim L")))  # type: ignore[arg-type]
        town.desk.table.change(messages.identity(BRAND, platform, Profile("7", "ann", "Ann")))  # type: ignore[arg-type]
    town.desk.table.change(messages.identity("umbra", "facebook", Profile(PERSON, "kim", "Kim L")))  # type: ignore[arg-type]
    answer = ask(town, wish())
    assert answer["statusCode"] == 200 and answer["headers"]["content-type"].startswith("application/json")
    said = json.loads(answer["body"])
    assert set(said) == {"url", "confirmation_code"} and PERSON not in answer["body"]
    place = urlsplit(said["url"])
    assert (place.scheme, place.netloc, place.path) == ("https", "desk.example.com", "/webhooks/meta/data-deletion")
    assert parse_qs(place.query) == {"code": [said["confirmation_code"]]}

    waiting = get(town, place.query, "/data-deletion")
    assert waiting["statusCode"] == 200 and "being worked on" in waiting["body"]
    door.counted()
    town.fold()
    assert door.counted()["deletion_asked"] == 1
    done = get(town, place.query, "/data-deletion")
    assert done["statusCode"] == 200 and "carried out" in done["body"]
    assert get(town, "code=" + "0" * len(said["confirmation_code"]), "/data-deletion")["statusCode"] in (403, 404)

    mark = town.desk.table.get(keys.deletion(BRAND, "meta", PERSON))
    assert mark and mark["code"] == said["confirmation_code"]
    for platform in ("facebook", "messenger", "instagram"):
        assert messages.who(BRAND, platform, PERSON) == {}
        assert messages.who(BRAND, platform, "7")["name"] == "Ann"
    assert messages.who("umbra", "facebook", PERSON)["name"] == "Kim L", "another brand's is not ours to delete"
    (entry,) = [item for item in town.desk.items("RAW") if item["kind"] == "data-deletion"]
    assert entry["state"] == "folded" and "body" not in entry and entry["blanked"]
    town.desk.clock.forward(minutes=1)
    town.desk.call("sweep", {})  # which carries out what else there is to erase
    everything = b"".join(
        gzip.decompress(v) if v[:2] == b"\x1f\x8b" else v
        for item in town.desk.items()
        if item.get("brand") != "umbra"
        for v in (w if isinstance(w, bytes) else str(w).encode() for w in item.values())
    )
    assert PERSON.encode() not in everything, "the id itself is nowhere any more"


def test_h26_the_same_wish_twice_is_one_and_says_the_same(town: Town) -> None:
    first, second = ask(town, wish()), ask(town, wish())
    town.fold()
    third = ask(town, wish())
    town.fold()
    assert first["body"] == second["body"] == third["body"]
    assert len([item for item in town.desk.items("RAW") if item["kind"] == "data-deletion"]) == 1


def test_h26_the_platforms_own_form_of_a_wish_is_understood(town: Town) -> None:
    town.told("meta", "users", username="kim", name="Kim L")
    asked = town.told("meta", "delete_person", by="kim")
    assert asked["status"] == 200 and json.loads(asked["body"])["confirmation_code"]
    town.fold()
    assert town.desk.table.get(keys.deletion(BRAND, "meta", asked["user_id"]))


def test_who_takes_the_app_away_is_noted_and_nothing_else_happens(town: Town) -> None:
    answer = ask(town, wish(), "deauthorize")
    assert answer["statusCode"] == 200
    town.fold()
    assert {item["state"] for item in town.desk.items("RAW")} <= {"set_aside", "folded"}
    assert town.account("meta", PAGE).state == "ok"
