"""What may be done about a message: the table's rules one by one, and what holds for all of them at all times."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hark.domain.events import Surface
from hark.domain.time import parse
from hark.domain.verb_table import ANY, table
from hark.domain.verbs import ACTING, SAYING, Standing, Subject, Verb, verbs

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DAY, WEEK, TICK = timedelta(hours=24), timedelta(days=7), timedelta(milliseconds=1)
PLATFORMS = sorted({rule.platform for rule in table().rule} - {ANY})

META_DIRECT = ["messenger", "instagram"]
COMMENTED = ["facebook", "instagram"]


def a(platform: str, surface: str, **other: Any) -> Subject:
    """A message of a customer's, written an hour ago."""
    given = {"message_id": "71", "at": NOW - timedelta(hours=1), "person_id": "7770002", **other}
    return Subject(platform=platform, surface=Surface(surface), **given)


def direct(platform: str, age: timedelta | None, **other: Any) -> Subject:
    return a(platform, "direct", last_inbound_at=None if age is None else NOW - age, **other)


def offered(subject: Subject, now: datetime = NOW, **standing: Any) -> dict[str, Verb]:
    return {verb.verb: verb for verb in verbs(subject, Standing(**standing), now)}


def allowed(subject: Subject, now: datetime = NOW, **standing: Any) -> set[str]:
    return {name for name, verb in offered(subject, now, **standing).items() if verb.allowed}


def refused(subject: Subject, verb: str, **standing: Any) -> str:
    """The code with which a verb is forbidden."""
    found = offered(subject, **standing)[verb]
    assert not found.allowed and found.until is None and not found.tag
    return found.code


# --- what can be done at all --------------------------------------------------------------------

KNOWN = {
    ("x", "post"): "public_reply hide unhide delete by_hand",
    ("x", "comment"): "public_reply hide unhide delete by_hand",
    ("x", "mention"): "public_reply delete by_hand",
    ("x", "direct"): "dm by_hand",
    ("facebook", "post"): "public_reply private_reply delete by_hand",
    ("facebook", "comment"): "public_reply private_reply like unlike hide unhide delete by_hand",
    ("facebook", "live_comment"): "public_reply private_reply like unlike hide unhide delete by_hand",
    ("facebook", "mention"): "public_reply by_hand",
    ("messenger", "direct"): "dm by_hand",
    ("instagram", "comment"): "public_reply private_reply hide unhide delete by_hand",
    ("instagram", "live_comment"): "public_reply private_reply hide unhide delete by_hand",
    ("instagram", "mention"): "public_reply by_hand",
    ("instagram", "direct"): "dm by_hand",
    ("viber", "direct"): "dm by_hand",
}


@pytest.mark.parametrize("platform", [*PLATFORMS, "mastodon"])
@pytest.mark.parametrize("surface", list(Surface))
def test_each_surface_of_each_platform_offers_its_verbs_in_their_order_and_elsewhere_there_is_by_hand_only(
    platform: str, surface: Surface
) -> None:
    listed = " ".join(verb.verb for verb in verbs(a(platform, surface), Standing(), NOW))
    assert listed == KNOWN.get((platform, surface.value), "by_hand")


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("surface", ["encrypted", "review"])
def test_reviews_and_encrypted_messages_are_answered_by_hand_only(platform: str, surface: str) -> None:
    assert allowed(a(platform, surface)) == {"by_hand"}


PRIVATE = [where for where, listed in KNOWN.items() if {"dm", "private_reply"} & set(listed.split())]
LENGTHS = {
    ("x", "post", "public_reply"): (280, "x_weighted"),
    ("x", "direct", "dm"): (10_000, "characters"),
    ("facebook", "comment", "public_reply"): (8_000, "characters"),
    ("facebook", "mention", "public_reply"): (8_000, "characters"),
    ("facebook", "comment", "private_reply"): (2_000, "characters"),
    ("messenger", "direct", "dm"): (2_000, "characters"),
    ("instagram", "comment", "public_reply"): (300, "characters"),
    ("instagram", "mention", "public_reply"): (300, "characters"),
    ("instagram", "comment", "private_reply"): (1_000, "utf8_bytes"),
    ("instagram", "direct", "dm"): (1_000, "utf8_bytes"),
    ("viber", "direct", "dm"): (7_000, "characters"),
}


@pytest.mark.parametrize("where", LENGTHS, ids="-".join)
def test_how_long_an_answer_may_be_and_how_it_is_counted(where: tuple[str, str, str]) -> None:
    platform, surface, verb = where
    found = offered(a(platform, surface))[verb]
    assert (found.limit, found.counting) == LENGTHS[where]


# --- X ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("surface", ["post", "comment", "mention"])
def test_x_lets_programs_answer_only_where_they_were_summoned(surface: str) -> None:
    assert "public_reply" in allowed(a("x", surface))
    assert refused(a("x", surface, may_reply=False), "public_reply") == "not_summoned"
    assert "by_hand" in allowed(a("x", surface, may_reply=False))


def test_a_link_makes_an_answer_on_x_dear_and_a_dm_not() -> None:
    reply, dm = offered(a("x", "post"))["public_reply"], offered(direct("x", DAY))["dm"]
    assert (reply.price_usd, reply.price_with_link_usd) == (0.01, 0.20)
    assert (dm.price_usd, dm.price_with_link_usd) == (0.015, 0.015)


def test_x_takes_a_dm_only_to_people_who_wrote_one_however_long_ago() -> None:
    assert refused(direct("x", None), "dm") == "thread.never_wrote"
    old = offered(direct("x", timedelta(days=400)))["dm"]
    assert old.allowed and old.until is None


def test_by_hand_on_x_opens_the_answer_to_the_post_or_the_messages_with_the_person() -> None:
    assert offered(a("x", "post"))["by_hand"].link == "https://x.com/intent/tweet?in_reply_to=71"
    for surface in ("direct", "encrypted"):
        compose = offered(a("x", surface, link="https://x.com/messages"))["by_hand"].link
        assert compose == "https://x.com/messages/compose?recipient_id=7770002"
    assert offered(a("x", "direct", person_id="", link="https://x.com/messages"))["by_hand"].link.endswith("messages")


def test_what_stands_in_a_link_of_ours_cannot_leave_its_place() -> None:
    assert offered(a("x", "post", message_id="1&text=a/b"))["by_hand"].link.endswith("in_reply_to=1%26text%3Da%2Fb")


# --- Meta ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("platform", META_DIRECT)
def test_the_first_day_after_a_private_message_is_free_for_all(platform: str) -> None:
    for automatic in (False, True):
        dm = offered(direct(platform, DAY - TICK), automatic=automatic)["dm"]
        assert dm.allowed and (dm.code, dm.tag) == ("", "")
        assert dm.until is not None and parse(dm.until) == NOW + TICK


@pytest.mark.parametrize("platform", META_DIRECT)
def test_exactly_24_hours_later_only_a_person_whose_app_was_granted_it_may_write(platform: str) -> None:
    late = direct(platform, DAY)
    granted = frozenset({"human_agent"})
    dm = offered(late, features=granted)["dm"]
    assert dm.allowed and (dm.code, dm.tag) == ("window.human_agent", "HUMAN_AGENT") and dm.reason
    assert dm.until is not None and parse(dm.until) == NOW + WEEK - DAY
    assert refused(late, "dm") == "window.not_granted"
    assert refused(late, "dm", features=frozenset({"other"})) == "window.not_granted"
    assert refused(late, "dm", features=granted, automatic=True) == "window.person_only"


@pytest.mark.parametrize("platform", META_DIRECT)
def test_exactly_7_days_later_nobody_may_write(platform: str) -> None:
    granted = frozenset({"human_agent"})
    assert "dm" in allowed(direct(platform, WEEK - TICK), features=granted)
    assert refused(direct(platform, WEEK), "dm", features=granted) == "window_closed"
    assert refused(direct(platform, WEEK), "dm") == "window_closed"


@pytest.mark.parametrize("platform", META_DIRECT)
def test_a_comment_opens_no_window_for_messages(platform: str) -> None:
    assert refused(direct(platform, None), "dm", features=frozenset({"human_agent"})) == "thread.never_wrote"


@pytest.mark.parametrize("platform", COMMENTED)
def test_a_comment_may_be_answered_in_private_once_within_7_days(platform: str) -> None:
    fresh, late = (a(platform, "comment", at=NOW - age) for age in (WEEK - TICK, WEEK))
    private = offered(fresh)["private_reply"]
    assert private.allowed and private.until is not None and parse(private.until) == NOW + TICK
    assert refused(late, "private_reply") == "window_closed"
    assert refused(replace(fresh, private_reply_sent=True), "private_reply") == "already_replied"
    assert "public_reply" in allowed(replace(late, private_reply_sent=True)), "in public there is no end"


def test_a_visitors_post_may_be_answered_in_private_like_a_comment() -> None:
    assert "private_reply" in allowed(a("facebook", "post"))
    assert refused(a("facebook", "post", at=NOW - WEEK), "private_reply") == "window_closed"


@pytest.mark.parametrize("platform", COMMENTED)
def test_a_comment_on_a_live_video_has_no_private_answer(platform: str) -> None:
    assert refused(a(platform, "live_comment"), "private_reply") == "live.unknown"


def test_instagram_takes_no_public_answer_to_live_or_hidden_comments_and_facebook_does() -> None:
    assert refused(a("instagram", "live_comment"), "public_reply") == "live.no_reply"
    for surface in ("comment", "mention"):
        assert refused(a("instagram", surface, hidden=True), "public_reply") == "hidden.no_reply"
    assert "public_reply" in allowed(a("facebook", "live_comment"))
    assert "public_reply" in allowed(a("facebook", "comment", hidden=True))


def test_a_mention_on_facebook_is_answered_by_hand_unless_the_platform_lets_us() -> None:
    assert refused(a("facebook", "mention", may_reply=False), "public_reply") == "mention.by_hand"
    assert allowed(a("facebook", "mention")) == {"public_reply", "by_hand"}


def test_only_comments_on_facebook_can_be_liked_and_each_once() -> None:
    likeable = {key for key, listed in KNOWN.items() if "like" in listed.split()}
    assert likeable == {("facebook", "comment"), ("facebook", "live_comment")}
    assert refused(a("facebook", "comment", liked=True), "like") == "message.liked"
    assert refused(a("facebook", "comment"), "unlike") == "message.not_liked"
    assert "unlike" in allowed(a("facebook", "comment", liked=True))


@pytest.mark.parametrize("platform", [*COMMENTED, "x"])
def test_what_is_hidden_can_be_shown_and_what_is_shown_can_be_hidden(platform: str) -> None:
    assert refused(a(platform, "comment", hidden=True), "hide") == "message.hidden"
    assert refused(a(platform, "comment"), "unhide") == "message.shown"
    assert "hide" in allowed(a(platform, "comment"))
    assert "unhide" in allowed(a(platform, "comment", hidden=True))


# --- Viber --------------------------------------------------------------------------------------


def test_a_session_on_viber_is_free_for_24_hours_and_costs_from_then_on() -> None:
    inside = offered(direct("viber", DAY - TICK), outside_session_usd=0.07)["dm"]
    assert inside.allowed and (inside.price_usd, inside.price_with_link_usd, inside.code) == (0, 0, "")
    assert inside.until is not None and parse(inside.until) == NOW + TICK
    for age in (DAY, timedelta(days=90), None):
        dm = offered(direct("viber", age), outside_session_usd=0.07)["dm"]
        assert dm.allowed and (dm.price_usd, dm.price_with_link_usd) == (0.07, 0.07)
        assert dm.code == "session.over" and "money" in dm.reason and dm.until is None


def test_who_unsubscribed_on_viber_is_not_written_to_whatever_it_would_cost() -> None:
    assert refused(direct("viber", TICK, reachable=False), "dm") == "not_subscribed"
    dm = offered(direct("viber", DAY, reachable=False), outside_session_usd=0.07)["dm"]
    assert not dm.allowed and (dm.price_usd, dm.code) == (0.07, "not_subscribed")


# --- everywhere ---------------------------------------------------------------------------------


@pytest.mark.parametrize("where", KNOWN, ids="-".join)
def test_nothing_is_possible_without_the_account_or_without_the_message(where: tuple[str, str]) -> None:
    subject = a(*where, last_inbound_at=NOW, link="https://example.org/1")
    offered_then = verbs(subject, Standing(connected=False), NOW)
    assert [v.verb for v in offered_then if v.allowed] == ["by_hand"], "a person can go there without our access"
    for verb in (v for v in offered_then if v.verb != "by_hand"):
        assert not verb.allowed and verb.code == "account.not_connected" and verb.reason and not verb.link
    for verb in verbs(replace(subject, gone=True), Standing(), NOW):
        assert not verb.allowed and verb.code == "target_gone" and verb.reason and not verb.link


@pytest.mark.parametrize("where", KNOWN, ids="-".join)
def test_a_message_of_our_own_can_only_be_deleted_and_a_foreign_one_cannot(where: tuple[str, str]) -> None:
    subject = a(*where, last_inbound_at=NOW, hidden=True, liked=True)
    assert allowed(replace(subject, own=True)) == {"delete", "by_hand"} & set(KNOWN[where].split())
    for verb in verbs(replace(subject, own=True), Standing(), NOW):
        assert verb.allowed or verb.code == "message.own"
    assert "delete" not in allowed(subject)


@pytest.mark.parametrize("where", KNOWN, ids="-".join)
def test_a_paused_account_lets_people_write_and_says_that_it_waits(where: tuple[str, str]) -> None:
    """I23."""
    subject = a(*where, last_inbound_at=NOW - DAY)
    before, after = offered(subject), offered(subject, paused="token_refused")
    for name, verb in after.items():
        waits = verb.allowed and name in SAYING | ACTING
        assert verb.allowed == before[name].allowed
        assert (verb.code == "account.paused") == waits == ("paused" in verb.reason), name
        assert (verb.price_usd, verb.until, verb.tag, verb.link) == (
            before[name].price_usd, before[name].until, before[name].tag, before[name].link,
        )  # fmt: skip
        assert verb.reason.endswith(before[name].reason), "what was to be known is still told"


@pytest.mark.parametrize(
    "where", [w for w, listed in KNOWN.items() if "dm" in listed or "private" in listed], ids="-".join
)
def test_nothing_private_is_sent_where_another_program_speaks_or_to_whom_cannot_be_reached(
    where: tuple[str, str],
) -> None:
    open_to_us = a(*where, last_inbound_at=NOW)
    for subject in (replace(open_to_us, elsewhere=True), replace(open_to_us, reachable=False)):
        assert not allowed(subject) & {"dm", "private_reply"}
        assert allowed(subject) == allowed(open_to_us) - {"dm", "private_reply"}, "and in public all stays as it is"


@pytest.mark.parametrize("platform", ["facebook", "messenger", "instagram", "viber", "mastodon"])
@pytest.mark.parametrize("surface", ["comment", "direct", "review"])
def test_by_hand_goes_to_the_message_or_says_where_to_look(platform: str, surface: str) -> None:
    known = offered(a(platform, surface, link="https://example.org/1"))["by_hand"]
    assert known.allowed and (known.link, known.code, known.reason) == ("https://example.org/1", "", "")
    unknown = offered(a(platform, surface))["by_hand"]
    assert unknown.allowed and not unknown.link
    assert unknown.code.startswith("place.") and platform.capitalize() in unknown.reason


def test_a_time_without_a_zone_is_refused_even_where_it_does_not_matter() -> None:
    naive = datetime(2026, 11, 22, 12)  # noqa: DTZ001
    for subject, now in (
        (a("x", "post"), naive),
        (a("x", "post", at=naive), NOW),
        (a("x", "post", last_inbound_at=naive), NOW),
    ):
        with pytest.raises(ValueError, match="zone"):
            verbs(subject, Standing(), now)


def test_the_zone_in_which_a_time_is_given_makes_no_difference() -> None:
    """I31."""
    riga = timezone(timedelta(hours=2))
    for age in (DAY - TICK, DAY, WEEK - TICK, WEEK):
        subject = direct("messenger", age)
        there = replace(subject, at=subject.at.astimezone(riga), last_inbound_at=(NOW - age).astimezone(riga))
        standing = Standing(features=frozenset({"human_agent"}))
        assert verbs(there, standing, NOW.astimezone(riga)) == verbs(subject, standing, NOW)
