"""What may be done about a message: what holds for all messages, at all times."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hark.domain.events import Surface
from hark.domain.time import parse
from hark.domain.verb_table import ANY, table
from hark.domain.verbs import SAYING, Standing, Subject, verbs
from hypothesis import given, settings
from hypothesis import strategies as st

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DAY, WEEK, TICK = timedelta(hours=24), timedelta(days=7), timedelta(milliseconds=1)
PLATFORMS = sorted({rule.platform for rule in table().rule} - {ANY})

ages = st.timedeltas(timedelta(days=-2), timedelta(days=10)).map(lambda age: age // TICK * TICK) | st.sampled_from(
    [DAY - TICK, DAY, DAY + TICK, WEEK - TICK, WEEK, WEEK + TICK]
)
subjects = st.builds(
    Subject,
    platform=st.sampled_from([*PLATFORMS, "mastodon"]),
    surface=st.sampled_from(Surface),
    message_id=st.just("71"),
    at=ages.map(lambda age: NOW - age),
    own=st.sampled_from([False, False, False, True]),
    gone=st.sampled_from([False, False, False, True]),
    hidden=st.booleans(),
    liked=st.booleans(),
    may_reply=st.booleans(),
    last_inbound_at=st.none() | ages.map(lambda age: NOW - age),
    private_reply_sent=st.booleans(),
    elsewhere=st.sampled_from([False, False, True]),
    reachable=st.sampled_from([True, True, False]),
    person_id=st.sampled_from(["", "7"]),
    link=st.sampled_from(["", "https://example.org/1"]),
)
standings = st.builds(
    Standing,
    connected=st.sampled_from([True, True, True, False]),
    paused=st.sampled_from(["", "", "token_refused"]),
    account_id=st.just("5550001"),
    features=st.sampled_from([frozenset(), frozenset({"human_agent"})]),
    automatic=st.booleans(),
    outside_session_usd=st.sampled_from([0.0, 0.05]),
)


@settings(max_examples=50)
@given(subjects, standings)
def test_every_answer_is_whole(subject: Subject, standing: Standing) -> None:
    found = verbs(subject, standing, NOW)
    assert len({verb.verb for verb in found}) == len(found) and found[-1].verb == "by_hand"
    assert found == verbs(subject, standing, NOW)
    for verb in found:
        assert bool(verb.code) == bool(verb.reason) and "{" not in verb.reason
        assert verb.allowed or verb.code, "whoever is refused is told why"
        assert (verb.limit is None) == (verb.counting is None) == (verb.verb not in SAYING)
        assert 0 <= verb.price_usd <= verb.price_with_link_usd
        assert verb.until is None or parse(verb.until) > NOW
        assert not verb.link or verb.verb == "by_hand"


@settings(max_examples=50)
@given(subjects, standings, st.timedeltas(timedelta(0), timedelta(days=10)))
def test_what_time_has_forbidden_stays_forbidden_until_the_person_writes_again(
    subject: Subject, standing: Standing, later: timedelta
) -> None:
    before = {verb.verb: verb.allowed for verb in verbs(subject, standing, NOW)}
    after = {verb.verb: verb.allowed for verb in verbs(subject, standing, NOW + later)}
    assert before.keys() == after.keys()
    assert all(before[name] for name, may in after.items() if may)


@settings(max_examples=50)
@given(subjects, standings)
def test_until_is_the_first_moment_at_which_it_is_otherwise(subject: Subject, standing: Standing) -> None:
    for verb in verbs(subject, standing, NOW):
        if verb.until is None:
            continue
        [just_before] = [v for v in verbs(subject, standing, parse(verb.until) - TICK) if v.verb == verb.verb]
        [then] = [v for v in verbs(subject, standing, parse(verb.until)) if v.verb == verb.verb]
        assert just_before == verb
        assert (then.allowed, then.tag, then.price_usd, then.until) != (
            verb.allowed,
            verb.tag,
            verb.price_usd,
            verb.until,
        )


@settings(max_examples=50)
@given(subjects, standings, st.timedeltas(timedelta(0), timedelta(days=400)))
def test_what_is_allowed_without_an_end_stays_as_it_is(subject: Subject, standing: Standing, later: timedelta) -> None:
    after = {verb.verb: verb for verb in verbs(subject, standing, NOW + later)}
    assert all(
        after[verb.verb] == verb for verb in verbs(subject, standing, NOW) if verb.allowed and verb.until is None
    )


@settings(max_examples=50)
@given(subjects, standings)
def test_a_new_word_of_the_person_never_closes_anything(subject: Subject, standing: Standing) -> None:
    before = verbs(subject, standing, NOW)
    after = {verb.verb: verb for verb in verbs(replace(subject, last_inbound_at=NOW), standing, NOW)}
    assert all(after[verb.verb].allowed for verb in before if verb.allowed)


@settings(max_examples=50)
@given(subjects, standings)
def test_a_program_may_never_do_more_than_a_person(subject: Subject, standing: Standing) -> None:
    person = {v.verb: v for v in verbs(subject, replace(standing, automatic=False), NOW)}
    for verb in verbs(subject, replace(standing, automatic=True), NOW):
        assert not verb.tag
        assert person[verb.verb].allowed or not verb.allowed
