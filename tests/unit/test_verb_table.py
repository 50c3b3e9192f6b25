"""The verb table against an independent decision of the same question (`verb_oracle`), over many random situations."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hark.domain.events import Surface
from hark.domain.verbs import Standing, Subject, Verb, verbs

from tests.unit.verb_oracle import DAY, WEEK, Decision, decide

SITUATIONS = 100_000
SEED = 20261122
SHOWN = 25
"""As many different disagreements are printed; more help nobody."""

MS = timedelta(milliseconds=1)
EPOCH = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
MEETING = (  # platform and surface that do go together
    ("x", (Surface.POST, Surface.DIRECT, Surface.ENCRYPTED)),
    ("facebook", (Surface.POST, Surface.COMMENT, Surface.LIVE_COMMENT, Surface.MENTION, Surface.REVIEW)),
    ("messenger", (Surface.DIRECT,)),
    ("instagram", (Surface.COMMENT, Surface.LIVE_COMMENT, Surface.MENTION, Surface.DIRECT)),
    ("viber", (Surface.DIRECT,)),
)
PAIRS = tuple((platform, surface) for platform, surfaces in MEETING for surface in surfaces)
PLATFORMS = (*(platform for platform, _ in MEETING), "pigeon")
SURFACES = tuple(Surface)
EDGES = tuple(span + nudge for span in (timedelta(0), DAY, WEEK) for nudge in (-MS, timedelta(0), MS))
FEATURES = (frozenset[str](), frozenset({"human_agent"}), frozenset({"something_else"}))

Product = Callable[[Subject, Standing, datetime], tuple[Verb, ...]]


@dataclass(frozen=True, slots=True)
class Situation:
    subject: Subject
    standing: Standing
    now: datetime


def situations(count: int, seed: int) -> Iterator[Situation]:
    """Random situations, a good half of them to the millisecond at or beside the end of a window."""
    rng = random.Random(seed)
    draw, choose = rng.random, rng.choice
    for _ in range(count):
        now = EPOCH + timedelta(milliseconds=int(draw() * 366 * 86_400_000))
        platform, surface = choose(PAIRS) if draw() < 0.8 else (choose(PLATFORMS), choose(SURFACES))
        subject = Subject(
            platform=platform,
            surface=surface,
            message_id="m1",
            at=now - _age(draw, choose),
            own=draw() < 0.15,
            gone=draw() < 0.08,
            hidden=draw() < 0.4,
            liked=draw() < 0.4,
            may_reply=draw() < 0.6,
            last_inbound_at=None if draw() < 0.12 else now - _age(draw, choose),
            private_reply_sent=draw() < 0.3,
            elsewhere=draw() < 0.2,
            reachable=draw() < 0.8,
            person_id="p1",
            link="https://example.org/m1" if draw() < 0.5 else "",
        )
        standing = Standing(
            connected=draw() < 0.9,
            paused="token.refused" if draw() < 0.3 else "",
            account_id="a1",
            features=choose(FEATURES),
            automatic=draw() < 0.4,
            outside_session_usd=choose((0.0, 0.0117, 0.25)),
        )
        yield Situation(subject, standing, now)


def _age(draw: Callable[[], float], choose: Callable[[Any], Any]) -> timedelta:
    kind = draw()
    if kind < 0.55:
        return choose(EDGES)  # type: ignore[no-any-return]
    if kind < 0.95:
        return timedelta(milliseconds=int(draw() * 9 * 86_400_000))
    return timedelta(days=400)


def disagreements(situation: Situation, product: Product) -> dict[tuple[str, str], tuple[object, object]]:
    """(verb, field) → (what the oracle says, what the product says), where they differ."""
    expected = decide(situation.subject, situation.standing, situation.now)
    given = product(situation.subject, situation.standing, situation.now)
    found: dict[tuple[str, str], tuple[object, object]] = {}
    by_name: dict[str, Verb] = {verb.verb: verb for verb in given}
    if len(by_name) != len(given):
        found["verbs", "each once"] = (True, [verb.verb for verb in given])
    for name in expected.keys() | by_name.keys():
        decision, verb = expected.get(name), by_name.get(name)
        if decision is None or verb is None:
            found[name, "offered"] = (decision is not None, verb is not None)
            continue
        for column, right, said in (
            ("allowed", decision.allowed, verb.allowed),
            ("limit", decision.limit, verb.limit),
            ("counting", decision.counting, verb.counting),
            ("until", _text(decision.until), verb.until),
            ("price_usd", decision.price_usd, verb.price_usd),
            ("price_with_link_usd", decision.price_with_link_usd, verb.price_with_link_usd),
            ("tag", decision.tag, verb.tag),
        ):
            if right != said:
                found[name, column] = (right, said)
        if not verb.allowed and not (verb.code and verb.reason):
            found[name, "reason when forbidden"] = ("a code and a sentence", (verb.code, verb.reason))
    return found


def _text(at: datetime | None) -> str | None:
    if at is None:
        return None
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03}Z"


def smallest(situation: Situation, about: tuple[str, str], product: Product) -> Situation:
    """The same disagreement with as many fields as possible at their ordinary value."""
    plain_subject = Subject("", Surface.POST, "m1", at=situation.now)
    for part, plain in (("subject", plain_subject), ("standing", Standing())):
        for field in fields(plain):
            if field.name in ("platform", "surface", "message_id"):
                continue
            whole = getattr(situation, part)
            simpler_part = replace(whole, **{field.name: getattr(plain, field.name)})
            candidate = replace(situation, **{part: simpler_part})
            if simpler_part != whole and about in disagreements(candidate, product):
                situation = candidate
    return situation


def described(situation: Situation) -> str:
    """One line: what is unusual about a situation, times as ages."""
    subject, standing, now = situation.subject, situation.standing, situation.now
    said = [f"{subject.platform} {subject.surface.value}", f"written {now - subject.at} ago"]
    said.append(f"last inbound {now - subject.last_inbound_at} ago" if subject.last_inbound_at else "no inbound")
    for part, plain in ((subject, Subject("", Surface.POST, "m1", at=now)), (standing, Standing())):
        for field in fields(plain):
            value = getattr(part, field.name)
            if field.name not in ("platform", "surface", "at", "last_inbound_at", "message_id"):
                said += [f"{field.name}={value!r}"] if value != getattr(plain, field.name) else []
    return ", ".join(said)


def report(product: Product, count: int = SITUATIONS, seed: int = SEED) -> str:
    """Empty when there is no disagreement; else each kind of disagreement once, in its smallest form."""
    counted: Counter[tuple[str, str, str, str]] = Counter()
    lines: list[str] = []
    for situation in situations(count, seed):
        for about, (right, said) in disagreements(situation, product).items():
            kind = (situation.subject.platform, situation.subject.surface.value, *about)
            counted[kind] += 1
            if counted[kind] == 1 and len(lines) < SHOWN:
                small = smallest(situation, about, product)
                right, said = disagreements(small, product)[about]
                lines.append(f"{' '.join(about)}: oracle {right!r}, product {said!r}: {described(small)}")
    if not counted:
        return ""
    kinds = "\n".join(f"{times:6} x {' '.join(kind)}" for kind, times in counted.most_common(SHOWN))
    return "\n".join([f"{counted.total()} disagreements of {len(counted)} kinds", *lines, kinds])


@pytest.mark.timeout(60)
def test_the_verb_table_agrees_with_the_oracle_in_every_one_of_100_000_situations() -> None:
    found = report(verbs)
    if found:
        pytest.fail(found, pytrace=False)


def test_the_situations_cover_every_platform_on_every_surface_and_stand_on_the_edges_of_the_windows() -> None:
    met: Counter[tuple[str, Surface]] = Counter()
    ages: Counter[timedelta] = Counter()
    outcomes: Counter[tuple[str, str, bool]] = Counter()
    for situation in situations(20_000, SEED):
        subject = situation.subject
        met[subject.platform, subject.surface] += 1
        ages[situation.now - subject.at] += 1
        if subject.last_inbound_at is not None:
            ages[situation.now - subject.last_inbound_at] += 1
        for name, decision in decide(subject, situation.standing, situation.now).items():
            outcomes[subject.platform, name, decision.allowed] += 1
    assert all(met[platform, surface] > 20 for platform in PLATFORMS for surface in SURFACES)
    assert all(ages[edge] > 500 for edge in EDGES)
    assert all(outcomes[platform, name, not allowed] > 20 for platform, name, allowed in outcomes)


def _until_a_millisecond_late(verb: Verb, situation: Situation) -> Verb:
    if verb.until is None:
        return verb
    at = datetime.fromisoformat(verb.until) + MS
    return verb.model_copy(update={"until": _text(at)})


def _open_at_its_very_end(verb: Verb, situation: Situation) -> Verb:
    inbound = situation.subject.last_inbound_at
    late = inbound is not None and situation.now - inbound == WEEK
    return verb.model_copy(update={"allowed": True}) if verb.verb == "dm" and late else verb


def _tag_forgotten(verb: Verb, situation: Situation) -> Verb:
    return verb.model_copy(update={"tag": ""})


def _characters_for_bytes(verb: Verb, situation: Situation) -> Verb:
    return verb.model_copy(update={"counting": "characters"}) if verb.counting == "utf8_bytes" else verb


def _paused_forbids(verb: Verb, situation: Situation) -> Verb:
    return verb.model_copy(update={"allowed": False}) if situation.standing.paused else verb


def _bots_may_be_agents(verb: Verb, situation: Situation) -> Verb:
    human = replace(situation.standing, automatic=False)
    decisions = decide(situation.subject, human, situation.now)
    return verb.model_copy(update={"allowed": decisions[verb.verb].allowed})


def _link_for_nothing(verb: Verb, situation: Situation) -> Verb:
    return verb.model_copy(update={"price_with_link_usd": verb.price_usd})


@pytest.mark.parametrize(
    "mistake",
    [
        _until_a_millisecond_late,
        _open_at_its_very_end,
        _tag_forgotten,
        _characters_for_bytes,
        _paused_forbids,
        _bots_may_be_agents,
        _link_for_nothing,
    ],
)
def test_the_comparison_notices_a_planted_mistake(mistake: Callable[[Verb, Situation], Verb]) -> None:
    def mistaken(subject: Subject, standing: Standing, now: datetime) -> tuple[Verb, ...]:
        right = decide(subject, standing, now)
        return tuple(mistake(_as_verb(name, said), Situation(subject, standing, now)) for name, said in right.items())

    assert "disagreements" in report(mistaken, count=3000)


def _as_verb(name: str, said: Decision) -> Verb:
    return Verb(
        verb=name,  # type: ignore[arg-type]
        allowed=said.allowed,
        code="" if said.allowed else "some.reason",
        reason="" if said.allowed else "Some reason.",
        limit=said.limit,
        counting=said.counting,  # type: ignore[arg-type]
        until=_text(said.until),
        price_usd=said.price_usd,
        price_with_link_usd=said.price_with_link_usd,
        tag=said.tag,
    )


def test_the_comparison_has_nothing_to_say_about_the_oracle_itself() -> None:
    def oracle(subject: Subject, standing: Standing, now: datetime) -> tuple[Verb, ...]:
        return tuple(_as_verb(name, said) for name, said in decide(subject, standing, now).items())

    assert report(oracle, count=3000) == ""
