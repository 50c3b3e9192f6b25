"""Replay a believable day on the fake platforms: `python -m infra.local.day`, or `make play` beside `make run`.

The script is `demo_day.yaml`. Its posts are dated over the last three hours, so that the desk has late and fresh
cases at once; they are played in the order of their dates within `seconds` of real time. Some deliveries come
twice or more, all of them in slight disorder, some not at all by webhook.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import requests
import yaml
from hark.providers import contract

from infra.local.cloud import Ports
from infra.local.engine import HOST

SCRIPT = Path(__file__).parent / "demo_day.yaml"
DISORDER_SECONDS = 1.5
SETTLE_SECONDS = 20

_BRAND = "acme"
_FIELDS = {
    "say", "edit", "drop", "by", "text", "lang", "ago", "name", "to", "quotes", "times", "quiet", "where", "surface",
    "media",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens. `act` is `say`, `edit` or `drop`; `ago` is in minutes before now; `where` a platform."""

    act: str
    ago: float
    where: str = "x"
    surface: str = "post"
    media: tuple[Mapping[str, str], ...] = ()
    text: str = ""
    by: str = ""
    lang: str = ""
    name: str = ""
    to: str = ""
    quotes: str = ""
    times: int = 1
    quiet: bool = False


@dataclass(slots=True)
class Summary:
    """What was played."""

    events: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    platforms: Counter[str] = field(default_factory=Counter)
    repeats: int = 0
    quiet: int = 0
    delivered: int = 0
    undelivered: int = 0

    def sentence(self) -> str:
        """For the person who watches."""
        if not self.delivered + self.undelivered:
            return f"{self.events} events, but the fake platforms have no webhook: only the poll can find them."
        kinds = ", ".join(f"{count} {kind}" for kind, count in self.kinds.most_common())
        return (
            f"{self.events} events on {len(self.platforms)} platforms in {len(self.languages)} languages: {kinds}.\n"
            f"{self.delivered} deliveries arrived, {self.repeats} of them repeats; {self.undelivered} did not; "
            f"{self.quiet} are left for the poll to find."
        )


def load(script: Path = SCRIPT) -> tuple[Mapping[str, str], list[Step]]:
    """The people (handle to name) and the steps in the order of their dates.

    Raises:
        ValueError: a step is not of the form that the script's own head describes.
    """
    read = yaml.safe_load(script.read_text("utf-8"))
    steps = sorted((_step(given) for given in read["day"]), key=lambda step: -step.ago)
    named: dict[str, str] = {}
    for step in steps:
        if not {n for n in (step.to, step.quotes, step.name if step.act != "say" else "") if n} <= set(named):
            raise ValueError(f"a step {step.ago} minutes ago refers to something that has not happened yet")
        if step.act == "say" and step.by not in (_BRAND, *read["people"]):
            raise ValueError(f"nobody knows {step.by}")
        named[step.name] = step.where
    return read["people"], steps


def play(
    fakes: Mapping[str, str],
    seconds: float = 40,
    progress: Callable[[str], object] = print,
    script: Path = SCRIPT,
) -> Summary:
    """Play the day on the fakes at these addresses (provider → URL), within about `seconds`, and wait until it is
    delivered.

    Raises:
        requests.RequestException: there is no fake, or it refuses a step.
    """
    people, steps = load(script)
    with requests.Session() as session:
        session.trust_env = False
        return _Player(fakes, session, progress).play(people, steps, seconds)


def carriers() -> dict[str, str]:
    """Which provider carries a platform, by what the fakes play."""
    return {
        platform: provider
        for provider in sorted(contract.names())
        for account in contract.load(provider, "fake").ACCOUNTS
        for platform in account["platforms"]
    }


class _Player:
    def __init__(self, fakes: Mapping[str, str], session: requests.Session, progress: Callable[[str], object]) -> None:
        self._urls = {platform: fakes[name].rstrip("/") for platform, name in carriers().items() if name in fakes}
        self._session = session
        self._progress = progress
        self._ids: dict[str, str] = {}

    def play(self, people: Mapping[str, str], steps: list[Step], seconds: float) -> Summary:
        summary = Summary()
        steps = [step for step in steps if step.where in self._urls]
        urls = sorted(set(self._urls.values()))
        already = {url: len(self._call(url, "GET", "deliveries")) for url in urls}
        for url in urls:
            here = {step.by for step in steps if self._urls[step.where] == url}
            for handle, name in people.items():
                if handle in here:
                    self._call(url, "POST", "users", {"username": handle, "name": name}, allow=409)
        began, started = datetime.now(UTC), time.monotonic()
        try:
            for number, step in enumerate(steps):
                time.sleep(max(0.0, started + seconds * number / len(steps) - time.monotonic()))
                habits = {"duplicate": step.times, "disorder": DISORDER_SECONDS}
                self._call(self._urls[step.where], "POST", "habits", habits)
                self._take(step, began)
                self._count(step, summary)
                self._progress(_line(step))
        finally:
            for url in urls:
                self._call(url, "POST", "habits", {"duplicate": 1, "disorder": 0})
        for url in urls:
            deliveries = self._settled(url, already[url])
            done = sum(d["done"] for d in deliveries)
            summary.delivered += done
            summary.undelivered += len(deliveries) - done
        return summary

    def _take(self, step: Step, began: datetime) -> None:
        at, url = (began - timedelta(minutes=step.ago)).isoformat(), self._urls[step.where]
        if step.act == "drop":
            self._call(url, "POST", "drop", {"id": self._ids[step.name]})
        elif step.act == "edit":
            self._call(url, "POST", "edit", {"id": self._ids[step.name], "text": step.text, "at": at})
        else:
            given: dict[str, Any] = {"platform": step.where, "surface": step.surface, "by": step.by, "text": step.text}
            given |= {"at": at} | ({"lang": step.lang} if step.lang else {})
            given |= {"silent": True} if step.quiet else {}
            given |= {"media": [dict(one) for one in step.media]} if step.media else {}
            for field_name, name in (("to", step.to), ("quotes", step.quotes)):
                if name:
                    given[field_name] = self._ids[name]
            made = self._call(url, "POST", "say", given)
            if step.name:
                self._ids[step.name] = made["id"]

    @staticmethod
    def _count(step: Step, summary: Summary) -> None:
        summary.events += 1
        summary.kinds[_kind(step)] += 1
        summary.platforms[step.where] += 1
        if step.lang:
            summary.languages[step.lang] += 1
        summary.repeats += step.times - 1
        summary.quiet += step.quiet

    def _settled(self, url: str, already: int) -> list[dict[str, Any]]:
        until = time.monotonic() + SETTLE_SECONDS
        while True:
            deliveries: list[dict[str, Any]] = self._call(url, "GET", "deliveries")[already:]
            if all(d["done"] or d["given_up"] for d in deliveries) or time.monotonic() > until:
                return deliveries
            time.sleep(0.2)

    def _call(self, url: str, method: str, path: str, value: object = None, allow: int = 0) -> Any:
        answer = self._session.request(method, f"{url}/_fake/{path}", json=value, timeout=15)
        if answer.status_code != allow:
            answer.raise_for_status()
        return answer.json()


def _step(given: Mapping[str, Any]) -> Step:
    acts = [act for act in ("say", "edit", "drop") if act in given]
    if len(acts) != 1 or not set(given) <= _FIELDS or "ago" not in given:
        raise ValueError(f"not a step: {sorted(given)}")
    (act,) = acts
    rest: dict[str, Any] = {name: value for name, value in given.items() if name != act}
    rest["media"] = tuple(rest.get("media", ()))
    return Step(act=act, text=given["say"], **rest) if act == "say" else Step(act=act, name=given[act], **rest)


def _kind(step: Step) -> str:
    if step.act != "say":
        return {"edit": "edits", "drop": "deletions"}[step.act]
    if step.by == _BRAND:
        return "answers typed in the platforms' apps" if step.to else "posts of our own"
    if step.surface != "post":
        return {"direct": "private messages"}.get(step.surface, f"{step.surface.replace('_', ' ')}s")
    if step.where != "x":
        return "visitors' posts"
    return "replies" if step.to else "quotes" if step.quotes else "mentions"


def _line(step: Step) -> str:
    marks = " ".join(mark for mark, shown in ((f"x{step.times}", step.times > 1), ("no webhook", step.quiet)) if shown)
    who = {"say": f"@{step.by}", "edit": f"edit of {step.name}", "drop": f"deletion of {step.name}"}[step.act]
    # Isolated, so that a right-to-left text does not turn the line around.
    text = f" \N{FIRST STRONG ISOLATE}{step.text}\N{POP DIRECTIONAL ISOLATE}" if step.text else ""
    return f"{step.ago:5.1f} min ago  {step.where:9}  {who}{text}" + (f"  ({marks})" if marks else "")


def main(arguments: list[str] | None = None) -> int:
    """Play the day; the exit status is 1 when there are no fakes to play it on."""
    parser = argparse.ArgumentParser(prog="python -m infra.local.day", description="Replay a day on the fakes.")
    parser.add_argument(
        "--fakes-port", type=int, default=Ports().fakes, help="of the first fake platform (default %(default)s)"
    )
    parser.add_argument("--seconds", type=float, default=40, help="how long the day takes (default %(default)s)")
    given = parser.parse_args(arguments)
    ports = Ports(fakes=given.fakes_port)
    fakes = {provider: f"http://{HOST}:{ports.fake(provider)}" for provider in sorted(contract.names())}
    try:
        summary = play(fakes, given.seconds)
    except requests.ConnectionError:
        print("No fake platforms answer. Start them with `make run`, in another terminal.", file=sys.stderr)
        return 1
    print(summary.sentence())
    print("What the public sees: " + ", ".join(f"{url}/" for url in fakes.values()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
