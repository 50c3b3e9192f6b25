"""Whether an account still hears and may act, what is mended, and renewing access (F23, F24)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hark.providers.contract import CallFailed, Connection, Report
from hark.providers.meta import health
from hark.providers.meta.fake import SECRETS, Fake
from hark.providers.meta.fake.identity import INSTAGRAM_ID, PAGE_ID
from hark.providers.meta.tests.graph_stub import Reply, error, serving
from hark.providers.meta.tests.meta_accounts import instagram, instagram_through_page, page

NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def meta() -> Iterator[Fake]:
    with Fake() as fake:
        yield fake


def subscribe(fake: Fake, account_id: str, *fields: str) -> None:
    fake.webhooks.subscribed[account_id] = set(fields)


def subscribed(fake: Fake, account_id: str) -> set[str]:
    return fake.webhooks.subscribed[account_id]


def test_an_account_that_hears_everything_is_left_as_it_is(meta: Fake) -> None:
    for connection, fields in ((page(meta), health.PAGE_FIELDS), (instagram(meta), health.INSTAGRAM_FIELDS)):
        subscribe(meta, connection.account_id, *fields)
        report = health.check(connection, NOW)
        assert (report.problems, report.repaired) == ((), ())
        assert report.calls > 0


@pytest.mark.parametrize("left", [(), ("feed",), health.PAGE_FIELDS[1:]])
def test_a_lost_subscription_is_made_again(meta: Fake, left: tuple[str, ...]) -> None:
    subscribe(meta, PAGE_ID, *left)
    report = health.check(page(meta), NOW)
    assert (report.problems, report.repaired) == ((), ("meta.resubscribed",))
    assert set(health.PAGE_FIELDS) <= subscribed(meta, PAGE_ID)
    assert health.check(page(meta), NOW).repaired == ()


def test_an_instagram_account_has_a_subscription_of_its_own_or_its_page_s(meta: Fake) -> None:
    subscribe(meta, INSTAGRAM_ID)
    subscribe(meta, PAGE_ID, *health.PAGE_FIELDS)
    assert health.check(instagram_through_page(meta), NOW).repaired == ()
    assert health.check(instagram(meta), NOW).repaired == ("meta.resubscribed",)
    assert set(health.INSTAGRAM_FIELDS) <= subscribed(meta, INSTAGRAM_ID)


def test_names_with_and_without_a_plural_s_are_one_field(meta: Fake) -> None:
    spelt = {"messaging_referral": "messaging_referrals", "messaging_handover": "messaging_handovers"}
    subscribe(meta, INSTAGRAM_ID, *(spelt.get(field, field) for field in health.INSTAGRAM_FIELDS))
    assert health.check(instagram(meta), NOW) == health.check(instagram(meta), NOW)
    assert health.check(instagram(meta), NOW).repaired == ()


def debug(**more: Any) -> Reply:
    scopes = [scope for platform in ("facebook", "messenger") for scope in health.SCOPES[platform]]
    return Reply(200, {"data": {"app_id": "440011", "type": "PAGE", "is_valid": True, "scopes": scopes} | more})


def apps(*fields: str, app: str = "440011") -> Reply:
    return Reply(200, {"data": [{"id": app, "subscribed_fields": list(fields)}]})


def checked(
    *subscriptions: Reply, token: Reply | None = None, before: dict[str, Any] | None = None, now: datetime = NOW
) -> tuple[Report, list[str]]:
    with serving() as stub:
        stub.by_path = {"/v26.0/debug_token": [token or debug()], f"/v26.0/{PAGE_ID}/subscribed_apps": [*subscriptions]}
        connection = Connection(
            {"app_secret": "s", "access_token": "EAAGpage"},
            stub.url,
            PAGE_ID,
            ("facebook", "messenger"),
            settings={"health": before or {}},
        )
        return health.check(connection, now), [asked.method for asked in stub.asked]


def test_what_meta_does_not_store_is_a_problem_and_not_asked_for_again_before_a_day() -> None:
    most = apps(*health.PAGE_FIELDS[1:])
    report, methods = checked(most, Reply(200, {"success": True}), most)
    assert (report.problems, report.repaired) == (("meta.field_missing.feed",), ())
    assert methods == ["GET", "GET", "POST", "GET"]
    kept = json.loads(json.dumps(report.state))
    again, methods = checked(most, before=kept, now=NOW + timedelta(hours=23))
    assert again.problems == report.problems and again.state == kept
    assert "POST" not in methods
    _, methods = checked(most, Reply(200, {"success": True}), most, before=kept, now=NOW + timedelta(hours=25))
    assert "POST" in methods
    _, methods = checked(apps(), Reply(200, {"success": True}), most, before=kept)
    assert "POST" in methods, "something else is missing now"


def test_a_name_meta_does_not_take_any_more_does_not_stop_the_account() -> None:
    report, _ = checked(apps(*health.PAGE_FIELDS[1:]), error(100), apps(*health.PAGE_FIELDS[1:]))
    assert report.problems == ("meta.field_missing.feed",)


def test_the_subscription_of_another_app_is_not_ours() -> None:
    other = apps(*health.PAGE_FIELDS, app="1")
    report, methods = checked(other, Reply(200, {"success": True}), apps(*health.PAGE_FIELDS))
    assert report.repaired == ("meta.resubscribed",) and "POST" in methods


def test_a_missing_permission_is_named(meta: Fake) -> None:
    meta.permissions.set_missing(PAGE_ID, ["pages_messaging", "pages_read_user_content"])
    wanted = {"meta.scope_missing.pages_messaging", "meta.scope_missing.pages_read_user_content"}
    assert set(health.check(page(meta), NOW).problems) == wanted


def test_who_may_not_look_after_the_subscription_can_still_speak(meta: Fake) -> None:
    meta.permissions.set_missing(PAGE_ID, ["pages_manage_metadata"])
    problems = ("meta.scope_missing.pages_manage_metadata", "meta.subscription_closed")
    assert health.check(page(meta), NOW).problems == problems


@pytest.mark.parametrize(
    ("expires", "data_ends", "ends", "problems"),
    [
        (0, 0, None, ()),
        (0, 60, 60, ()),
        (30, 60, 30, ()),
        (60, 3, 3, ("meta.data_access_ends_soon",)),
        (3, 60, 3, ()),
        (0, None, None, ()),
        ("soon", True, None, ()),
    ],
)
def test_access_ends_with_whichever_ends_first(
    expires: Any, data_ends: Any, ends: int | None, problems: tuple[str, ...]
) -> None:
    def moment(days: Any) -> Any:
        return int((NOW + timedelta(days=days)).timestamp()) if type(days) is int and days else days

    told = debug(expires_at=moment(expires), data_access_expires_at=moment(data_ends))
    report, _ = checked(apps(*health.PAGE_FIELDS), token=told)
    assert report.expires == (None if ends is None else NOW + timedelta(days=ends))
    assert report.problems == problems and not report.renewable


def test_a_person_s_token_in_place_of_the_page_s_is_a_problem() -> None:
    report, _ = checked(apps(*health.PAGE_FIELDS), token=debug(type="USER"))
    assert report.problems == ("meta.not_a_page_token",)


@pytest.mark.parametrize("subcode", [458, 459, 460, 463, 464, 467, 492])
def test_a_dead_token_stops_the_account_f23(meta: Fake, subcode: int) -> None:
    for account_id, connection in ((PAGE_ID, page(meta)), (INSTAGRAM_ID, instagram(meta))):
        meta.tokens.set_state(account_id, subcode)
        with pytest.raises(CallFailed) as failed:
            health.check(connection, NOW)
        assert (failed.value.code, failed.value.detail) == ("token_refused", f"190/{subcode}")
        assert failed.value.paused
        meta.tokens.set_state(account_id, 0)
        health.check(connection, NOW)


def test_a_token_that_is_told_to_be_dead_stops_the_account_f23() -> None:
    dead = debug(is_valid=False, error={"code": 190, "subcode": 463})
    with pytest.raises(CallFailed) as failed:
        checked(apps(*health.PAGE_FIELDS), token=dead)
    assert (failed.value.code, failed.value.detail) == ("token_refused", "190/463")


@pytest.mark.parametrize("answer", ["reset", "html", "half_json", "errors", "status"])
def test_not_being_able_to_look_is_no_report(meta: Fake, answer: str) -> None:
    meta.faults.plan({"on": "health", "answer": answer})
    with pytest.raises(CallFailed) as failed:
        health.check(page(meta), NOW)
    assert failed.value.code == "busy" and not failed.value.paused


# --- renewing -----------------------------------------------------------------------------------


def test_a_token_of_instagram_login_ends_sixty_days_after_it_was_first_seen(meta: Fake) -> None:
    first = health.check(instagram(meta), NOW)
    assert first.renewable and first.expires == NOW + timedelta(days=60)
    kept = {"health": json.loads(json.dumps(first.state))}
    assert SECRETS[INSTAGRAM_ID]["access_token"] not in json.dumps(kept)
    later = health.check(instagram(meta, kept), NOW + timedelta(days=20))
    assert later.expires == first.expires
    assert later.state == first.state
    prolonged = health.check(instagram(meta, kept), NOW + timedelta(days=61))
    assert prolonged.expires == NOW + timedelta(days=121), "it was taken, so it lives"


def test_a_token_is_renewed_once_it_is_a_day_old(meta: Fake) -> None:
    kept = {"health": dict(health.check(instagram(meta), NOW).state)}
    with pytest.raises(CallFailed) as failed:
        health.renew(instagram(meta, kept), NOW + timedelta(hours=23))
    assert (failed.value.code, failed.value.retry_at) == ("busy", NOW + timedelta(hours=24))
    assert meta.tokens.renewals == 0
    renewed = health.renew(instagram(meta, kept), NOW + timedelta(hours=25))
    assert meta.tokens.renewals == 1 and set(renewed.values) == {"access_token"}
    assert renewed.expires is not None and renewed.expires > NOW + timedelta(days=59)
    report = health.check(instagram(meta, kept, **renewed.values), NOW + timedelta(hours=25))
    assert report.expires == NOW + timedelta(hours=25, days=60), "a new token has a new end"


def test_after_a_lost_answer_the_old_token_still_renews_f24(meta: Fake) -> None:
    for answer in ("reset", "half_json", "html", "status"):
        meta.faults.plan({"on": "health", "answer": answer, "effect": True})
        with pytest.raises(CallFailed) as failed:
            health.renew(instagram(meta), NOW)
        assert failed.value.code == "busy" and failed.value.retry_at is not None
    assert health.renew(instagram(meta), NOW).values["access_token"]


def test_where_a_renewal_ends_the_old_token_a_second_one_is_refused_f24(meta: Fake) -> None:
    meta.tokens.rotate = True
    health.renew(instagram(meta), NOW)
    with pytest.raises(CallFailed) as failed:
        health.renew(instagram(meta), NOW)
    assert failed.value.code == "token_refused"


def test_the_token_of_a_page_is_not_renewed(meta: Fake) -> None:
    with pytest.raises(CallFailed) as failed:
        health.renew(page(meta), NOW)
    assert failed.value.code == "not_supported"
    assert timedelta(minutes=15) == health.EVERY
