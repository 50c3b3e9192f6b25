"""Access that ends is renewed in time, by one run only; whatever goes wrong with it is told and never silent (F24)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from hark.domain.time import parse
from hark.providers.meta import health as meta_health
from hark.store.secrets import Secrets

from .conftest import Door, clear_caches
from .town import Town, Towns

PAGE, INSTAGRAM = "100200300400", "17841400000000001"


@contextmanager
def near_its_end(town_of: Towns) -> Iterator[Town]:
    """The Instagram account's access ends in less than a week, as far as we know."""
    with town_of("meta") as town:
        town.minutely("meta")
        town.desk.clock.forward(days=53, hours=12)
        yield town


def renewals(town: Town) -> int:
    return int(town.seen("meta", "state")["renewals"])


def instagram_writes_and_is_answered(town: Town) -> bool:
    town.told("meta", "users", username="kim")
    town.say("meta", "kim", "Where is it?", platform="instagram", surface="direct")
    town.answer("meta", town.desk.case(), "It comes tomorrow.", "dm")
    return [one["text"] for one in town.sent("meta")] == ["It comes tomorrow."]


def test_the_end_of_an_access_is_known_long_before_and_renewed_a_week_ahead(town_of: Towns) -> None:
    with town_of("meta") as town:
        began = town.desk.clock()
        town.minutely("meta")
        known = parse(town.account("meta", INSTAGRAM).expires_at)
        assert timedelta(days=59) < known - began < timedelta(days=61)
        town.desk.clock.forward(days=52, hours=23)
        town.minutely("meta")
        assert renewals(town) == 0
        town.desk.clock.forward(hours=1)
        town.minutely("meta")
        assert renewals(town) == 1
        account = town.account("meta", INSTAGRAM)
        assert parse(account.expires_at) > known + timedelta(days=50)
        assert "account.access_ends_soon" not in account.problems
        town.desk.clock.forward(days=1)
        town.minutely("meta")
        assert renewals(town) == 1
        assert "account.access_ends_soon" not in town.account("meta", INSTAGRAM).problems
        assert instagram_writes_and_is_answered(town)


def test_an_access_nobody_can_renew_is_told_of_a_week_before_it_ends(town_of: Towns, door: Door) -> None:
    with town_of("meta") as town:
        town.told("meta", "token", account=PAGE, expires_in=8 * 86400)
        town.minutely("meta")
        assert "account.access_ends_soon" not in town.account("meta", PAGE).problems
        town.desk.clock.forward(days=1, minutes=1)
        town.minutely("meta")
        account = town.account("meta", PAGE)
        assert (account.condition, account.problems) == ("degraded", ("account.access_ends_soon",))
        assert door.counted()["account_degraded"] == 1
        town.desk.clock.forward(days=8)
        town.minutely("meta")
        assert (town.account("meta", PAGE).state, town.account("meta", PAGE).reason) == ("paused", "token_refused")


@pytest.mark.parametrize("rotate", [False, True])
def test_f24_two_runs_at_once_make_one_renewal_and_neither_pauses_the_account(
    town_of: Towns, rotate: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    with near_its_end(town_of) as town:
        town.told("meta", "habits", rotate=rotate)
        inside, go_on = threading.Event(), threading.Event()
        store = Secrets.renew

        def slowly(self: Secrets, *given: Any) -> None:
            inside.set()
            assert go_on.wait(20)
            store(self, *given)

        monkeypatch.setattr(Secrets, "renew", slowly)
        first = threading.Thread(target=town.minutely, args=("meta",))
        first.start()
        assert inside.wait(20)
        second = town.desk.call("poll", {"provider": "meta"})
        assert second["health"]["problems"] == 0, second
        assert town.account("meta", INSTAGRAM).state == "ok", "the old access is dead, the new one not stored yet"
        go_on.set()
        first.join(20)
        assert not first.is_alive()
        assert renewals(town) == 1
        account = town.account("meta", INSTAGRAM)
        assert (account.condition, account.problems) == ("ok", ())
        assert parse(account.expires_at) > town.desk.clock() + timedelta(days=50)
        town.desk.clock.forward(minutes=15)
        town.minutely("meta")
        assert town.account("meta", INSTAGRAM).condition == "ok"
        assert instagram_writes_and_is_answered(town)


class Died(BaseException):
    """The process was ended."""


def dies_before_it_has_stored_the_new_access(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(*_: Any) -> None:
        raise Died

    with monkeypatch.context() as patched:
        patched.setattr(Secrets, "renew", dies)
        with pytest.raises(Died):
            town.minutely("meta")
    clear_caches()


def test_f24_who_dies_with_the_only_good_access_leaves_an_account_that_is_paused_and_told_of(
    town_of: Towns, monkeypatch: pytest.MonkeyPatch, door: Door
) -> None:
    with near_its_end(town_of) as town:
        town.told("meta", "habits", rotate=True)
        dies_before_it_has_stored_the_new_access(town, monkeypatch)
        door.counted()
        for _ in range(6):
            town.minutely("meta")
        account = town.account("meta", INSTAGRAM)
        assert (account.state, account.reason, renewals(town)) == ("paused", "token_refused", 1)
        assert door.counted()["account_paused"] == 1
        assert town.account("meta", PAGE).state == "ok"
        town.told("meta", "users", username="kim")
        town.say("meta", "kim", "Anybody there?", platform="instagram", surface="direct")
        assert town.desk.case().snippet == "Anybody there?", "what comes in is stored all the same"


def test_f24_who_dies_while_the_old_access_is_still_good_is_followed_by_another_one(
    town_of: Towns, monkeypatch: pytest.MonkeyPatch
) -> None:
    with near_its_end(town_of) as town:
        dies_before_it_has_stored_the_new_access(town, monkeypatch)
        assert renewals(town) == 1
        town.minutely("meta")
        assert renewals(town) == 1, "as far as anybody knows the first one is still at it"
        for _ in range(6):
            town.minutely("meta")
        assert renewals(town) == 2
        assert town.account("meta", INSTAGRAM).condition == "ok"
        assert instagram_writes_and_is_answered(town)


@pytest.mark.parametrize("rotated", [False, True])
def test_f24_an_error_of_the_platform_at_the_renewal_is_told_and_ends_well_or_in_a_pause(
    town_of: Towns, rotated: bool, monkeypatch: pytest.MonkeyPatch, door: Door
) -> None:
    with near_its_end(town_of) as town:
        town.told("meta", "habits", rotate=True)
        renew = meta_health.renew

        def meets_an_error(*given: Any) -> Any:
            town.told("meta", "faults", on="health", answer="status", status=503, effect=rotated)
            return renew(*given)

        with monkeypatch.context() as patched:
            patched.setattr(meta_health, "renew", meets_an_error)
            door.counted()
            town.minutely("meta")
        account = town.account("meta", INSTAGRAM)
        assert (account.state, account.problems) == ("ok", ("account.access_ends_soon",))
        assert "account_degraded" in door.counted()
        town.desk.clock.forward(minutes=15)
        town.minutely("meta")
        account = town.account("meta", INSTAGRAM)
        if rotated:
            assert (account.state, account.reason, renewals(town)) == ("paused", "token_refused", 1)
            assert door.counted()["account_paused"] == 1
        else:
            assert (account.condition, renewals(town)) == ("ok", 1)
