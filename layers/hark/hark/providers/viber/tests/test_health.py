"""The daily check against the fake Viber: does it still deliver to us, and may the bot act (fault F23)?"""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest

from hark.providers import http
from hark.providers.contract import CallFailed, Connection, Report
from hark.providers.viber.fake import SECRETS, Fake
from hark.providers.viber.health import EVENT_TYPES, EVERY, check
from hark.testkit.waiting import eventually

from .conftest import Receiver, control

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture
def connection(viber: Fake, receiver: Receiver) -> Connection:
    """The bot as the desk connects it, its webhook set and live."""
    eventually(lambda: control(viber, "GET", "state")["webhook"]["valid"] is True)
    return Connection(SECRETS["b1"], viber.url, "b1", ("viber",), "acme", webhook_url=receiver.url)


def refusal(connection: Connection) -> CallFailed:
    with pytest.raises(CallFailed) as caught:
        check(connection, NOW)
    assert SECRETS["b1"]["auth_token"] not in repr(caught.value)
    return caught.value


def test_it_is_done_daily() -> None:
    assert timedelta(hours=24) == EVERY


def test_a_bot_that_is_well_is_left_alone(connection: Connection, receiver: Receiver) -> None:
    assert check(connection, NOW) == Report(calls=1)
    assert receiver.kinds == ["webhook"], "Viber tries an address when it is set, and only then"


def test_a_webhook_that_points_elsewhere_is_set_anew(viber: Fake, connection: Connection, receiver: Receiver) -> None:
    control(viber, "POST", "webhook", {"url": "http://127.0.0.1:1/old"})
    assert check(connection, NOW) == Report(repaired=("viber.webhook",), calls=2)
    assert viber.deliveries.url == f"{receiver.url}/b1"
    assert check(connection, NOW) == Report(calls=1)
    control(viber, "POST", "say", {"by": "zoe", "text": "hello?"})
    eventually(lambda: "message" in receiver.kinds)


def test_missing_event_types_are_asked_for_again(viber: Fake, connection: Connection) -> None:
    viber.event_types = frozenset(EVENT_TYPES) - {"failed"}
    assert check(connection, NOW) == Report(repaired=("viber.event_types",), calls=2)
    assert viber.event_types == set(EVENT_TYPES)
    assert check(connection, NOW) == Report(calls=1)


def test_more_event_types_than_asked_for_are_no_trouble(viber: Fake, connection: Connection) -> None:
    viber.event_types = frozenset((*EVENT_TYPES, "message", "action"))
    assert check(connection, NOW) == Report(calls=1)


def test_a_bot_without_a_webhook_gets_one(viber: Fake, connection: Connection) -> None:
    control(viber, "POST", "webhook", {"url": ""})
    assert check(connection, NOW) == Report(repaired=("viber.webhook",), calls=2)
    control(viber, "POST", "webhook", {"url": ""})
    control(viber, "POST", "faults", {"on": "account_info", "answer": "errors", "code": 10})
    assert check(connection, NOW) == Report(repaired=("viber.webhook", "viber.event_types"), calls=2)


def test_the_names_of_people_are_asked_for(viber: Fake, connection: Connection) -> None:
    viber.names = viber.photos = False
    control(viber, "POST", "webhook", {"url": ""})
    check(connection, NOW)
    assert viber.names
    assert viber.photos


def test_each_bot_has_an_address_of_its_own(viber: Fake, connection: Connection, receiver: Receiver) -> None:
    check(dataclasses.replace(connection, account_id="7534659427546854672"), NOW)
    assert viber.deliveries.url == f"{receiver.url}/7534659427546854672"


def test_an_address_viber_cannot_use_is_a_problem_while_an_older_one_stands(
    viber: Fake, connection: Connection, receiver: Receiver
) -> None:
    wanted = dataclasses.replace(connection, webhook_url="http://127.0.0.1:1/webhooks/viber")
    assert check(wanted, NOW) == Report(problems=("viber.webhook_refused",), calls=2)
    assert viber.deliveries.url == f"{receiver.url}/b1", "the old one stays"


def test_an_address_viber_cannot_use_stops_a_bot_that_has_no_other(viber: Fake, connection: Connection) -> None:
    control(viber, "POST", "webhook", {"url": ""})
    wanted = dataclasses.replace(connection, webhook_url="http://127.0.0.1:1/webhooks/viber")
    assert (refusal(wanted).code, refusal(wanted).paused) == ("not_set_up", True)


def test_a_door_that_says_anything_but_200_is_not_set(viber: Fake, connection: Connection, receiver: Receiver) -> None:
    control(viber, "POST", "webhook", {"url": "http://127.0.0.1:1/old"})
    receiver.answers = [503]
    assert check(connection, NOW).problems == ("viber.webhook_refused",)


def test_a_desk_that_does_not_know_its_address_says_so(connection: Connection) -> None:
    report = check(dataclasses.replace(connection, webhook_url=""), NOW)
    assert report == Report(problems=("viber.webhook_unknown",), calls=1)


@pytest.mark.parametrize(
    ("fault", "code", "paused"),
    [
        ({"answer": "errors", "code": 2}, "token_refused", True),
        ({"answer": "errors", "code": 7}, "account_refused", True),
        ({"answer": "errors", "code": 8}, "account_refused", True),
        ({"answer": "errors", "code": 9}, "account_refused", True),
        ({"answer": "errors", "code": 15}, "permission_missing", True),
        ({"answer": "errors", "code": 12}, "rate_limited", False),
        ({"answer": "errors", "code": 99}, "busy", False),
        ({"answer": "status", "status": 503}, "busy", False),
        ({"answer": "status", "status": 429}, "rate_limited", False),
        ({"answer": "reset"}, "unreachable", False),
        ({"answer": "html"}, "unreachable", False),
        ({"answer": "half_json"}, "unreachable", False),
    ],
)
def test_not_being_able_to_ask_is_not_the_same_as_being_well(
    viber: Fake, connection: Connection, fault: dict[str, object], code: str, paused: bool
) -> None:
    control(viber, "POST", "faults", {"on": "account_info", **fault})
    failed = refusal(connection)
    assert (failed.code, failed.paused) == (code, paused)
    assert (failed.retry_at is not None) == (not paused)


def test_a_webhook_that_cannot_be_set_now_is_tried_again_later(viber: Fake, connection: Connection) -> None:
    control(viber, "POST", "webhook", {"url": ""})
    control(viber, "POST", "faults", {"on": "set_webhook", "answer": "status", "status": 500})
    assert refusal(connection).code == "busy"
    assert check(connection, NOW).repaired == ("viber.webhook",)


def test_a_refused_token_and_a_missing_one_pause_the_account_f23(viber: Fake, connection: Connection) -> None:
    control(viber, "POST", "token", {"valid": False})
    assert refusal(connection).code == "token_refused"
    assert refusal(dataclasses.replace(connection, credentials={})).code == "not_set_up"


def test_viber_that_is_not_there_is_asked_again(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "CONNECT_SECONDS", 1.0)
    assert refusal(dataclasses.replace(connection, endpoint="http://127.0.0.1:1")).code == "unreachable"
