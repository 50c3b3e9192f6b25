"""Listening: from a query in the settings to hits that people look at, over the fake X (A1, A2, A5, A7 to A9, A21)."""

from __future__ import annotations

import gzip
import itertools
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hark import wiring
from hark.domain.account import Account
from hark.domain.events import RawEvent
from hark.domain.time import parse
from hark.providers import x
from hark.store import keys
from hark.store.accounts import Accounts

from .browser import Answer, Browser
from .conftest import BRAND, Desk
from .faults import Crash, Kind, between, fault
from .town import Town, Towns
from .x_deliveries import ACME, deletion, mention

FIXTURES = Path(x.__path__[0]) / "fixtures"
EMPTY = gzip.compress(b"")
QUERY = {
    "id": "brand", "name": "Our name", "names": ["Acme", "Ac me"], "aliases": ["akme"], "hashtags": ["acmelove"],
    "without": ["stock"], "account": "5550001", "every_minutes": 15, "posts_a_month": 100,
}  # fmt: skip


@pytest.fixture
def lea(sign_in: Any) -> Browser:
    browser: Browser = sign_in("lea", name="Lea", role="lead", seconds=90 * 86400)
    return browser


def settle(lea: Browser, *queries: dict[str, Any]) -> Answer:
    version = lea.get("policy").said["version"]
    return lea.send("PATCH", "policy", {"version": version, "changes": {"listening": {"queries": list(queries)}}})


def opened(town: Town, lea: Browser, **more: Any) -> None:
    town.told("x", "users", username="kim", name="Kim L")
    assert settle(lea, {**QUERY, **more}).status == 200


def posts(town: Town, text: str, by: str = "kim", **more: Any) -> str:
    """Somebody says something that no webhook brings."""
    town.desk.clock.forward(seconds=1)
    return str(town.told("x", "posts", author=by, text=text, silent=True, **more)["id"])


def looks(town: Town, minutes: int = 15) -> None:
    """The next run in which the query is due, and all that follows from it."""
    town.desk.clock.forward(minutes=minutes)
    town.minutely("x")
    town.fold()


def hits(browser: Browser, **asked: str) -> list[dict[str, Any]]:
    answer = browser.get("listening", "&".join(f"{name}={value}" for name, value in asked.items()))
    assert answer.status == 200, answer.body
    items: list[dict[str, Any]] = answer.said["items"]
    return items


def query_of(browser: Browser) -> dict[str, Any]:
    (only,) = browser.get("listening/queries").said["items"]
    return dict(only)


def forgotten(desk: Desk) -> set[int]:
    """After how many days the hit, and what goes with it, is forgotten."""
    items = [item for item in desk.items() if item["sk"] in ("HIT", "RAW") and item.get("expires")]
    return {round((item["expires"] - desk.clock().timestamp()) / 86400) for item in items}


def decide(browser: Browser, hit: dict[str, Any], what: str, key: str | None = None) -> Answer:
    return browser.send("POST", f"listening/{hit['id']}/{what}", {}, key)


def ends(town: Town) -> Counter[str]:
    """How the ledger's entries of posts ended."""
    return Counter(item["state"] for item in town.desk.items("RAW") if item["event"].startswith("post:"))


def test_what_nobody_addressed_to_us_waits_for_a_person_and_becomes_a_case_or_none_of_ours(
    town_of: Towns, lea: Browser
) -> None:
    with town_of("x") as town:
        opened(town, lea)
        name = posts(town, "has anybody reached AKME by phone?")
        tag = posts(town, "so happy, #AcmeLove")
        for other in ("acme stock is up", "acmeology is a science", "nothing"):
            posts(town, other)
        town.told("x", "posts", author="acme", text="acme is here for you", silent=True)
        mention = town.say("x", "kim", "@acme acme hello?")
        looks(town)
        found = hits(town.dana)
        assert [(one["text"], one["found"], one["handle"]) for one in found] == [
            ("has anybody reached AKME by phone?", ["AKME"], "kim"), ("so happy, #AcmeLove", ["#AcmeLove"], "kim"),
        ]  # fmt: skip
        first, second = found
        assert first["query"] == {"id": "brand", "name": "Our name"}
        assert first["link"].endswith(name)
        assert parse(first["at"]) <= parse(first["arrived"])
        assert [case.reply_to for case in town.desk.cases()] == [mention], "nobody has decided about the others"
        assert ends(town) == {"folded": 1, "review": 2}
        assert town.account("x").missed == 0, "no webhook could have brought it"

        decided = decide(town.dana, first, "case").said
        town.fold()
        assert (decided["state"], decided["decided"]["by"]) == ("case", "Dana Ozola")
        (case,) = [one for one in town.desk.cases() if one.id == decided["conversation"]]
        assert (case.reply_to, case.asked_at, case.may_reply) == (name, first["at"], False)
        assert "listening.case" in town.lines(case)
        town.desk.step("triage", case)
        (triaged,) = [one for one in town.desk.cases() if one.id == case.id]
        assert "triage.named" in [reason.code for reason in triaged.reasons]

        assert decide(town.dana, second, "dismiss").said["state"] == "not_ours"
        assert (hits(town.dana), ends(town)) == ([], {"folded": 2, "set_aside": 1})
        waits = decide(town.dana, second, "undo").said
        assert (waits["state"], [line["code"] for line in waits["history"]]) == (
            "waiting", ["listening.found", "listening.not_ours", "listening.back"],
        )  # fmt: skip
        assert ends(town) == {"folded": 2, "review": 1}

        looks(town)
        assert [one["id"] for one in hits(town.dana, state="waiting", query="brand")] == [second["id"]]
        assert hits(town.dana, query="other") == []
        assert town.told("x", "posts", author="kim", text=f"@acme {tag}")  # the desk goes on as before
        town.arrive("x")
        assert len(town.desk.cases()) == 3


def test_two_people_at_once_make_one_decision_and_the_slower_one_hears_whose(desk: Desk, sign_in: Any) -> None:
    dana, lea = sign_in("dana"), sign_in("lea", name="Lea", role="lead")
    body = (FIXTURES / "poll.search.json").read_bytes()
    post = RawEvent("post:2123713000000000001", "poll.search", ACME, body)
    assert wiring.intake().ledger.store(BRAND, "x", post, desk.clock(), "search") == "new"
    desk.fold()
    (hit,) = hits(dana)
    with between("TransactWriteItems", lambda: decide(lea, hit, "dismiss")):
        slower = decide(dana, hit, "case")
    assert slower.code == (409, "decided")
    assert slower.said["detail"] == "Lea has said that it is none of ours."
    desk.fold()
    assert (desk.cases(), [item["state"] for item in desk.items("RAW")]) == ([], ["set_aside"])
    (kept,) = hits(dana, state="not_ours")
    assert [line["by"] for line in kept["history"]] == ["", "Lea"]
    assert forgotten(desk) == {28}, "it is none of our business"
    same = [decide(dana, hit, "undo", "the-same-click-12").said["state"] for _ in range(2)]
    assert forgotten(desk) == {90}
    assert same == ["waiting", "waiting"]
    with between("TransactWriteItems", lambda: decide(lea, hit, "case")):
        slower = decide(dana, hit, "case")
    assert slower.said["detail"] == "Lea has made a case of it."
    desk.fold()
    assert len(desk.cases()) == 1
    assert (forgotten(desk), "expires" in desk.items("RAW")[0]) == ({28}, False), (
        "a case's entry stays with its message"
    )


def test_what_any_account_of_ours_wrote_is_no_hit(desk: Desk, sign_in: Any) -> None:
    second = Account(provider="x", id="7770009", brand=BRAND, platform="x", handle="acme_help", name="Acme Help")
    Accounts(desk.table).save(second.model_dump(mode="json"))
    for number, author in enumerate((ACME, second.id, "7770002")):
        body = mention(
            str(2123706425275322373 + number),
            "akme",
            author_id=author,
            entities={},
            event_type="poll.search",
            in_reply_to_user_id="7770003",
        )
        post = f"post:{body['data']['payload']['id']}"
        event = RawEvent(post, "poll.search", ACME, json.dumps(body).encode())
        wiring.intake().ledger.store(BRAND, "x", event, desk.clock(), "search")
    desk.fold()
    assert [one["handle"] for one in hits(sign_in("dana"))] == ["kim_l"]
    assert Counter((item["state"], item["reason"]) for item in desk.items("RAW")) == {
        ("set_aside", "listening.own"): 2, ("review", ""): 1,
    }  # fmt: skip


def test_a_hit_that_turns_out_to_be_said_to_us_becomes_a_case_by_itself_and_only_one(
    town_of: Towns, lea: Browser
) -> None:
    with town_of("x") as town:
        opened(town, lea, names=["parcel"])
        waits, dismissed = posts(town, "my parcel @acme"), posts(town, "their parcel @acme")
        town.told("x", "habits", timeline_lag=3600)  # the list of mentions is late
        fake = town.fakes["x"]
        found = [post for post in fake.world.newest() if post.id in (waits, dismissed)]
        for post in found:
            post.mentions.clear()
        looks(town)
        first, second = hits(town.dana)
        decide(town.dana, second, "dismiss")
        for post in found:
            post.mentions.append({"start": 10, "end": 15, "username": "acme", "id": "5550001"})
            fake.control.announce(post)
        town.arrive("x")
        town.fold()
        assert {case.reply_to for case in town.desk.cases()} == {waits, dismissed}
        assert all(case.may_reply for case in town.desk.cases())
        assert {one["decided"]["by"] for one in hits(town.dana, state="case")} == {""}
        assert ends(town) == {"folded": 2}
        assert not [item for item in town.desk.items("RAW") if "expires" in item]
        assert decide(town.dana, first, "dismiss").code == (409, "decided")


def test_what_its_author_takes_away_leaves_no_word(town_of: Towns, lea: Browser) -> None:
    with town_of("x") as town:
        opened(town, lea)
        secret = posts(town, "akme, my card is 4711")
        looks(town)
        (hit,) = hits(town.dana)
        town.told("x", "drop", id=secret, silent=True)
        for _ in range(3):
            looks(town, 24 * 60)
        assert hits(town.dana) == []
        (kept,) = hits(town.dana, state="gone")
        assert (kept["text"], kept["handle"]) == ("", "")
        assert not [item for item in town.desk.items() if "4711" in str({**item, "body": ""})]
        bodies = [gzip.decompress(item["body"]) for item in town.desk.items("RAW") if item.get("body")]
        assert not [body for body in bodies if b"4711" in body]
        assert decide(town.dana, hit, "case").said["detail"] == "Its author took it away."


def test_a_post_found_called_out_and_taken_away_in_any_order_ends_the_same(desk: Desk) -> None:
    post = "2123706425275322373"
    called = mention(post, "@acme akme lost my card 4711")
    hit = json.loads(json.dumps(called))
    hit["data"] |= {"event_type": "poll.search", "tag": "brand"}
    hit["data"]["payload"]["entities"] = {}
    raw = RawEvent(f"post:{post}", "poll.search", ACME, json.dumps(hit).encode())
    ledger = wiring.intake().ledger

    def found() -> None:
        ledger.store(BRAND, "x", raw, desk.clock(), "search")
        desk.fold()

    def lost() -> None:
        """Its author takes it away, and whoever folds that dies over it once."""
        with fault("TransactWriteItems", "crash after", times=1):
            desk.take_in(deletion(post))

    acts: dict[str, Callable[[], None]] = {
        "found": found, "called": lambda: desk.take_in(called), "gone": lambda: desk.take_in(deletion(post)),
        "lost": lambda: attempt(lost),
    }  # fmt: skip

    for last in ("gone", "lost"):
        for order in itertools.permutations(("found", "called", last)):
            for name in (*order, "found"):
                acts[name]()
            desk.fold()
            stored = str([{**item, "body": gzip.decompress(item.get("body") or EMPTY)} for item in desk.items()])
            assert "4711" not in stored, order
            assert {item["state"] for item in desk.items("RAW")} == {"folded"}, order
            assert all(message.gone for message in desk.messages()), order
            desk.forget()


# --- what it costs ---


def test_without_a_query_nothing_is_asked_and_one_that_is_off_asks_nothing(town_of: Towns, lea: Browser) -> None:
    with town_of("x") as town:
        opened(town, lea, on=False)
        posts(town, "akme again")
        looks(town)
        assert (town.fakes["x"].rest.searched, query_of(town.dana)["asked_at"]) == (0, None)
        settle(lea, QUERY)
        looks(town)
        assert town.fakes["x"].rest.searched == 1
        town.minutely("x")
        assert town.fakes["x"].rest.searched == 1, "as often as the query says, and no more"
        settle(lea)
        looks(town)
        assert town.fakes["x"].rest.searched == 1
        assert not wiring.polling().accounts.of_brand(BRAND)[0]["listens"]


def test_the_months_limit_is_never_passed_and_the_next_month_goes_on(town_of: Towns, lea: Browser) -> None:
    with town_of("x") as town:
        opened(town, lea, posts_a_month=25)
        for number in range(60):
            posts(town, f"akme {number}")
        for _ in range(3):
            looks(town)
        state = query_of(town.dana)
        assert (state["read"], state["limit"], state["problem"]["code"]) == (25, 25, "listening.limit")
        assert len(town.desk.items("HIT")) == 25
        asked = town.fakes["x"].rest.searched
        looks(town)
        assert town.fakes["x"].rest.searched == asked
        town.desk.clock.forward(days=31)
        town.minutely("x")
        assert query_of(town.dana)["problem"] is None or query_of(town.dana)["problem"]["code"] != "listening.limit"
        assert town.fakes["x"].rest.searched > asked


def test_a_search_that_fails_is_told_and_finds_all_the_next_time(town_of: Towns, lea: Browser) -> None:
    refusals: dict[str, dict[str, Any]] = {
        "rate_limited": {"answer": "rate_limited"}, "credits_depleted": {"answer": "status", "status": 402},
        "no_answer": {"answer": "reset"},
    }  # fmt: skip
    with town_of("x") as town:
        opened(town, lea)
        posts(town, "akme again")
        for code, planned in refusals.items():
            town.told("x", "faults", on="search", **planned)
            looks(town)
            assert query_of(town.dana)["problem"]["code"] == code
            assert town.account("x").state == "ok"
        looks(town)
        assert (len(hits(town.dana)), query_of(town.dana)["problem"]) == (1, None)


# --- dying in between ---


@pytest.mark.parametrize("kind", ["crash before", "crash after", "lost", "throttled"])
def test_whoever_dies_at_any_write_of_the_search_loses_and_doubles_nothing(
    town_of: Towns, lea: Browser, kind: Kind
) -> None:
    with town_of("x") as town:
        opened(town, lea)
        looks(town)
        for number in range(2):
            posts(town, f"akme {number}")
        for number in range(1, 9):
            town.desk.clock.forward(minutes=16)
            with fault("PutItem", kind, first=number, times=1 if kind != "throttled" else 10) as met:
                attempt(lambda: town.desk.call("poll", {"provider": "x"}))
            for at in range(1, 3):
                with fault("TransactWriteItems", kind, first=at, times=1):
                    attempt(town.desk.fold)
            if not met.struck:
                break
        looks(town)
        assert len(hits(town.dana)) == len(town.desk.items("HIT")) == 2
        assert ends(town) == {"review": 2}
        assert query_of(town.dana)["read"] == 2


@pytest.mark.parametrize("what", ["case", "dismiss"])
def test_a_decision_is_made_wholly_or_not_at_all(town_of: Towns, lea: Browser, what: str) -> None:
    with town_of("x") as town:
        opened(town, lea)
        posts(town, "akme again")
        looks(town)
        (hit,) = hits(town.dana)
        kinds: tuple[Kind, ...] = ("throttled", "crash before", "lost")
        for kind in kinds:
            with fault("TransactWriteItems", kind, times=10 if kind == "throttled" else 1):
                attempt(lambda: decide(town.dana, hit, what, "one-click-12345"))
            state = town.dana.get(f"listening/{hit['id']}").said["state"]
            assert (state == "waiting") == (ends(town) == {"review": 1})
        assert decide(town.dana, hit, what, "one-click-12345").status == 200
        for _ in range(2):
            town.fold()
        assert len(town.desk.cases()) == (what == "case")
        assert ends(town) == {"folded" if what == "case" else "set_aside": 1}
        assert len(town.dana.get(f"listening/{hit['id']}").said["history"]) == 2


def attempt(act: Any) -> None:
    try:
        act()
    except (Crash, ExceptionGroup):
        return


# --- the settings ---


def test_a_query_that_cannot_be_asked_is_refused_at_its_field(town_of: Towns, lea: Browser) -> None:
    with town_of("x", "viber") as town:
        viber = next(one for one in wiring.views().accounts.of_brand(BRAND) if one["provider"] == "viber")

        def said(**more: Any) -> list[tuple[list[Any], str]]:
            refused = settle(lea, {**QUERY, **more})
            assert refused.code == (422, "unusable")
            return [(one["at"], one["sentence"]) for one in refused.said["errors"]]

        place = ["listening", "queries", 0]
        assert said(account="nobody") == [
            ([*place, "account"], "This account is not connected to the desk. Choose another one.")
        ]
        assert said(account=viber["id"]) == [
            ([*place, "account"], "Viber lets nobody search what people say. Choose an account of X.")
        ]
        assert said(handles=["ACME"]) == [
            ([*place, "handles", 0], "This is an account of your own: who mentions it reaches the desk anyway.")
        ]
        ((at, sentence),) = said(aliases=[f"a long alias number {n}" for n in range(20)])
        assert at == [*place, "aliases"]
        assert "512" in sentence
        ((at, sentence),) = said(names=["x"])
        assert (at[:4], "too short" in sentence) == ([*place, "names"], True)
        assert town.account("x").listens == ()


def test_a_trial_shows_spellings_the_search_and_yesterdays_hits_and_asks_nobody(
    town_of: Towns, lea: Browser
) -> None:  # fmt: skip
    with town_of("x") as town:
        opened(town, lea)
        posts(town, "akme again")
        posts(town, "acme is great")
        looks(town)
        asked = town.fakes["x"].rest.searched
        trial = lea.send("POST", "listening/trial", {"query": {**QUERY, "names": ["Acme"], "aliases": []}}).said
        assert trial["asked"] == "(#acmelove OR Acme) -stock -from:acme -@acme -is:retweet"
        assert "akme" in trial["proposals"][0]["spellings"]
        assert (trial["looked_at"], [one["text"] for one in trial["items"]]) == (2, ["acme is great"])
        assert (trial["wrong"], town.fakes["x"].rest.searched) == ([], asked)
        assert lea.send("POST", "listening/trial", {"query": {"id": "x"}}).code == (422, "unusable")


def test_pages_of_what_was_found_go_on_where_the_last_ended(town_of: Towns, lea: Browser) -> None:
    with town_of("x") as town:
        opened(town, lea)
        made = [posts(town, f"akme {number}") for number in range(30)]
        looks(town)
        first = town.dana.get("listening").said
        second = town.dana.get("listening", f"cursor={first['next']}").said
        links = [one["link"].rpartition("/")[2] for one in (*first["items"], *second["items"])]
        assert (len(first["items"]), second["next"], links) == (25, None, made)
        assert town.dana.get("listening", "state=odd").code == (400, "invalid")
        assert town.dana.get("listening", f"state=case&cursor={first['next']}").code == (400, "bad_cursor")
        assert keys.hit_id("x", made[0]) == first["items"][0]["id"]
