"""`ledger verify`: tells each day of the ledger, what is wrong with it, and what to do about that."""

from __future__ import annotations

import argparse
import json
import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from hark import aws
from hark.desk.proving import Day, Proving, Report
from hark.domain.balance import Balance
from hark.store.seals import Seals
from hark.store.table import Table

NAMED = 10
"""Events that are named for each thing that is wrong with a day; `--json` names all."""


def options(parser: argparse.ArgumentParser) -> None:
    """What may be typed after `ledger`."""
    verify = parser.add_subparsers(dest="act", required=True).add_parser(
        "verify", help="every day and every event; ends with 0 when all is well, with 1 when something is broken"
    )
    verify.add_argument("--brand", required=True)
    place = verify.add_mutually_exclusive_group(required=True)
    place.add_argument("--stack")
    place.add_argument("--table", help="a table by its name, such as a restored one")
    verify.add_argument("--since", type=_day, help="the first day to look at, as 2026-11-20; else all of them")
    verify.add_argument(
        "--known", type=_known, action="append", default=[], metavar="DAY=HASH",
        help="a hash that was noted outside of the table; may be repeated",
    )  # fmt: skip
    verify.add_argument("--json", action="store_true")
    verify.add_argument("--profile", default="", help="of the AWS configuration")
    verify.add_argument("--region", default="")
    verify.add_argument(
        "--endpoint", default="", help="of another AWS, such as the local cloud's http://127.0.0.1:8081"
    )


def _day(said: str) -> str:
    return date.fromisoformat(said).isoformat()


def _known(said: str) -> tuple[str, str]:
    day, _, noted = said.partition("=")
    if not re.fullmatch(r"[0-9a-f]{64}", noted):
        raise argparse.ArgumentTypeError("is DAY=HASH, the hash of 64 characters")
    return _day(day), noted


def verify(
    asked: argparse.Namespace, outputs: Callable[[str], Mapping[str, str]], clock: Callable[[], datetime]
) -> int:
    """Prove the ledger and tell; 0 when all is well, 1 when something is broken. Writes nothing."""
    _reach(asked.profile, asked.region, asked.endpoint)
    table = Table(aws.dynamodb(), asked.table or outputs(asked.stack)["TableName"])
    report = Proving(Seals(table), clock).report(asked.brand, asked.since or "", dict(asked.known))
    print(_as_json(report) if asked.json else "\n".join(_lines(report)))
    return 1 if report.findings else 0


def _reach(profile: str, region: str, endpoint: str) -> None:
    """Have the SDK use this profile, region and address, where they are given. The local cloud wants no credentials."""
    given = {"AWS_PROFILE": profile, "AWS_DEFAULT_REGION": region, "AWS_REGION": region, "AWS_ENDPOINT_URL": endpoint}
    os.environ.update({name: value for name, value in given.items() if value})
    if endpoint and urlsplit(endpoint).hostname in ("127.0.0.1", "localhost", "::1"):
        for name, value in {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}.items():
            os.environ.setdefault(name, value)
        if "AWS_DEFAULT_REGION" not in os.environ:
            os.environ["AWS_DEFAULT_REGION"] = "us-east-1"


def _as_json(report: Report) -> str:
    return json.dumps(
        {
            "brand": report.brand, "ok": not report.findings, "first": report.first, "sealed": report.sealed,
            "hash": report.hash,
            "days": [
                {"day": day.day, "state": day.state, "hash": day.hash, **day.balance.model_dump(mode="json")}
                for day in report.days
            ],
            "findings": [
                {"day": one.day, "code": one.code, "what": one.what, "sentence": one.sentence, "advice": one.advice}
                for one in report.findings
            ],
        },
        indent=2,
    )  # fmt: skip


def _lines(report: Report) -> Iterator[str]:
    if not report.first and not report.findings:
        yield f"{report.brand}: no day of the ledger is begun; the first account that is looked after begins it"
        return
    yield "day         received  folded  ignored  quarantined  review  open  found missing  state"
    for day in report.days:
        yield _row(day)
        yield from _reasons(day.balance)
    if report.sealed:
        yield f"chained from {report.first} to {report.sealed}, hash {report.hash}"
    if not report.findings:
        yield "ok: every event that came in is there, with one end, and the chain is whole"
        return
    yield from _wrong(report)


def _row(day: Day) -> str:
    balance = day.balance
    return (
        f"{day.day:<10}  {balance.received:>8}  {balance.folded:>6}  {sum(balance.ignored.values()):>7}  "
        f"{sum(balance.quarantined.values()):>11}  {balance.review:>6}  {balance.open:>4}  "
        f"{sum(balance.missed.values()):>13}  {_STATES[day.state]}"
    )


_STATES: Mapping[str, str] = {
    "balanced": "ok", "open": "OPEN: not all have ended", "broken": "BROKEN", "running": "not sealed yet",
}  # fmt: skip


def _reasons(balance: Balance) -> Iterator[str]:
    parts: dict[str, Mapping[str, Any]] = {
        "ignored": balance.ignored, "quarantined": balance.quarantined, "found missing": balance.missed,
    }  # fmt: skip
    for name, by_reason in parts.items():
        for reason, number in sorted(by_reason.items(), key=lambda pair: (-pair[1], pair[0])):
            yield f"{'':<10}    {name}: {number} {reason}"


def _wrong(report: Report) -> Iterator[str]:
    by_code: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in report.findings:
        by_code[one.day, one.code].append(one.what)
    said = {one.code: one for one in report.findings}
    yield f"BROKEN: {len(report.findings)} findings"
    for (day, code), named in sorted(by_code.items()):
        yield f"{day}  {code}: {said[code].sentence} ({len(named)})"
        for what in [what for what in named if what][:NAMED]:
            yield f"              {what}"
        if len(named) > NAMED:
            yield f"              and {len(named) - NAMED} more (--json names them all)"
        yield f"            → {said[code].advice}"
    yield "docs/runbook.md, “The ledger does not balance”, has the commands."
