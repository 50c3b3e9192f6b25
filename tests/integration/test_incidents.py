"""Many people about one topic: counted exactly, suggested once, gathered whole, and nobody let out of sight (K3-K6)."""

from __future__ import annotations

import threading
from collections import Counter
from contextlib import suppress
from typing import Any

import pytest
from hark import wiring
from hark.domain.case import Case
from hark.domain.spikes import Past

from .conftest import BRAND, Desk
from .crowd import case_of, crowd, incidents, inside, key, said_by, watch
from .faults import Crash, Kind, fault

pytestmark = pytest.mark.usefixtures("desk")


def lines(desk: Desk) -> Counter[str]:
    """How often each code about incidents stands in the histories of cases."""
    return Counter(i["code"] for i in desk.items() if i["sk"].startswith("EVT#") and i["code"].startswith("incident."))


def of(found: list[Case]) -> set[str]:
    return {case.incident for case in found}


def test_a_brand_that_does_not_watch_counts_nothing(desk: Desk) -> None:
    crowd(desk, *range(6))
    assert [i for i in desk.items() if "#TOPIC#" in i["pk"] or "#HEARD#" in i["pk"]] == []
    assert incidents(desk) == [] and of(desk.cases()) == {""}


def test_a_crowd_about_one_topic_is_one_incident_with_all_of_them(desk: Desk) -> None:
    watch(desk)
    assert of(crowd(desk, *range(4))) == {""}
    crowd(desk, 4)
    (found,) = incidents(desk)
    assert (found["topic"], found["state"], found["counted"], found["people"]) == ("internet", "suggested", 5, 5)
    assert of(desk.cases()) == {found["id"]}
    assert lines(desk) == {"incident.grouped": 5}
    assert len(inside(desk, "IN#")) == 5
    assert [line["code"] for line in inside(desk, "LINE#")] == ["incident.suggested"]


def test_who_writes_later_joins_with_triage_itself(desk: Desk) -> None:
    watch(desk)
    crowd(desk, *range(5))
    (late,) = crowd(desk, 5)
    (found,) = incidents(desk)
    assert late.incident == found["id"] and late.topic == "internet"
    assert "triage.incident" in [reason.code for reason in late.reasons]


def test_one_person_alone_is_no_crowd(desk: Desk) -> None:
    watch(desk)
    bodies = [said_by(n) for n in range(6)]
    for body in bodies:
        body["data"]["payload"]["author_id"] = "9000000"
    desk.take_in(*bodies)
    for case in desk.cases():
        desk.step("triage", case)
    assert incidents(desk) == []


def test_triage_repeated_counts_nobody_twice(desk: Desk) -> None:
    watch(desk)
    crowd(desk, *range(4))
    for _ in range(3):
        for number in range(4):
            desk.step("triage", case_of(desk, number))
    assert incidents(desk) == []
    assert len([i for i in desk.items() if "#HEARD#" in i["pk"]]) == 4


def test_of_many_at_the_same_moment_none_is_missed_and_one_incident_is_opened(
    desk: Desk, one_call_at_a_time: None
) -> None:
    watch(desk)
    desk.take_in(*(said_by(n) for n in range(10)))
    open_ones = desk.cases()
    desk.call("triage", {"brand": BRAND, "case": open_ones[0].id, "gen": 1})  # loads the function once
    threads = [threading.Thread(target=desk.step, args=("triage", case)) for case in open_ones]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for case in open_ones:  # what Step Functions does with those that were put off
        desk.step("triage", case)
    (found,) = incidents(desk)
    assert of(desk.cases()) == {found["id"]}
    assert len(inside(desk, "IN#")) == 10
    by_triage = [c for c in desk.cases() if "triage.incident" in [reason.code for reason in c.reasons]]
    assert lines(desk) == {"incident.grouped": 10 - len(by_triage)}, "each says once how it came into it"


@pytest.mark.parametrize("kind", ["crash before", "crash after"])
@pytest.mark.parametrize("operation", ["TransactWriteItems", "UpdateItem", "PutItem"])
def test_a_crash_at_any_write_leaves_nothing_undone(desk: Desk, operation: str, kind: Kind) -> None:
    watch(desk, least_messages=3, least_people=3, once_in_buckets=100)
    desk.take_in(*(said_by(n) for n in range(3)))
    before, waiting, first, struck = desk.items(), desk.cases(), 0, True
    while struck:
        first += 1
        desk.forget()
        for item in before:
            desk.table.put(key(item), item)
        with fault(operation, kind, first=first, times=1) as met, suppress(Crash):
            for case in waiting:
                desk.step("triage", case)
        struck = met.struck == 1
        for case in waiting:
            desk.step("triage", case)
        wiring.sweeping().run(lambda: True)
        (found,) = incidents(desk)
        assert of(desk.cases()) == {found["id"]}, (operation, kind, first)
        assert lines(desk) == {"incident.grouped": 3}, (operation, kind, first)
        assert not found["look_at"]
    assert first > 1, "the fault never struck"


def test_what_looked_like_nothing_to_answer_is_opened_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from hark.domain import triage

    watch(desk)
    real, ends = triage.walk, {"troll": True}

    def walk(facts: Any, policy: Any, *more: Any) -> Any:
        verdict = real(facts, policy, *more)
        from dataclasses import replace

        return replace(verdict, end="troll") if ends["troll"] and not facts.incident else verdict

    monkeypatch.setattr(triage, "walk", walk)
    (ended,) = crowd(desk, 0)
    assert (ended.status, ended.close_reason) == ("closed", "troll")
    ends["troll"] = False
    crowd(desk, 1, 2, 3, 4)
    again = case_of(desk, 0)
    assert (again.status, again.gen, again.workflow) == ("open", 2, "starting")
    assert lines(desk)["incident.reopened"] == 1


def test_what_a_poll_brings_late_is_no_news(desk: Desk) -> None:
    watch(desk)
    desk.clock.forward(hours=3)
    crowd(desk, *range(6))
    assert incidents(desk) == []


def test_nothing_is_news_before_it_is_known_what_is_usual(desk: Desk) -> None:
    watch(desk, learning_seconds=86_400)
    crowd(desk, *range(8))
    assert incidents(desk) == []


def test_the_topic_is_the_brands_own_or_a_hashtag_and_no_words_of_people_are_kept(desk: Desk) -> None:
    watch(desk)
    crowd(desk, *range(5), text="@acme #DeadLine again, well done")
    (found,) = incidents(desk)
    assert found["topic"].startswith("h_") and found["title"] == "#deadline"
    kept = str([i for i in desk.items() if "#TOPIC#" in i["pk"] or "#HEARD#" in i["pk"]])
    assert "deadline" not in kept.lower() and "Person" not in kept


def test_what_was_usual_is_learnt_bucket_by_bucket(desk: Desk) -> None:
    watch(desk, bucket_seconds=300)
    stored = wiring.incidents().stored
    crowd(desk, 0, 1, 2)
    desk.clock.forward(minutes=5)
    bodies = [said_by(n) for n in (10, 11)]
    for body in bodies:
        body["data"]["payload"]["created_at"] = "2026-11-20T09:19:30.000Z"
    desk.take_in(*bodies)
    for number in (10, 11):
        desk.step("triage", case_of(desk, number))
    past = Past.model_validate_json(stored.topic(BRAND, "internet")["past"])
    assert past.near > 0 and past.bucket == past.first + 1
    assert past.hours[9] == 3000
