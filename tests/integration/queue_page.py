"""What a page of the queue reads of a desk with few and with many open cases: `python -m tests.integration.queue_page`.

The store's own queries run on a table in memory. Consumed capacity is worked out by DynamoDB's rules from the items
that each query reads (`infra.costs.meter`). `--write` keeps the figures for docs/data.md.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import boto3
from hark.domain.case import Case
from hark.domain.time import FAR
from hark.store import keys
from hark.store.cases import Cases, indexes, values_of
from hark.store.table import FORMAT, Table, to_item
from moto import mock_aws

from infra.costs.capacity import item_bytes
from infra.costs.data_page import queue_rows
from infra.costs.meter import Meter
from infra.expand import ROOT, read

from .table_in_memory import in_memory

FILE = ROOT / "infra" / "costs" / "queue_page.json"
SIZES = (100, 10_000, 100_000)
BRAND, DANA, OTHER = "acme", "dana-0000-0000-0000-000000000000", "oleg-0000-0000-0000-000000000000"
MINE = 12
"""Open cases of one agent: as many as the shipped capacity lets the desk give to one."""
PAGE = 25
REGION = "us-east-1"
TASK_TOKEN = "t" * 1024
AT = "2026-11-20T09:15:00.000Z"
Figures = dict[str, dict[str, float]]
"""Number of open cases → question → read units."""


def measure(sizes: Sequence[int] = SIZES) -> Figures:
    """Read units of each question, for each number of open cases; and the bytes of one of them."""
    found: Figures = {}
    with mock_aws(), in_memory() as dynamodb:
        where: dict[str, Any] = {
            "region_name": REGION, "aws_access_key_id": "none", "aws_secret_access_key": "none",
        }  # fmt: skip
        client, other = boto3.client("dynamodb", **where), boto3.client("dynamodb", **where)
        properties = read()["Resources"]["DeskTable"]["Properties"]
        wanted = ("BillingMode", "KeySchema", "AttributeDefinitions", "GlobalSecondaryIndexes")
        client.create_table(TableName="desk", **{name: properties[name] for name in wanted})
        cases, meter, there = Cases(Table(client, "desk")), Meter(client, other, "desk"), 0
        stored = dynamodb.tables["desk"]
        for size in sizes:
            bytes_each = 0
            for item in items(there, size):
                bytes_each = item_bytes(item)
                stored.put((item["pk"]["S"], item["sk"]["S"]), item)
            there = size
            found[str(size)] = {"bytes": bytes_each, **_asked(cases, meter)}
        meter.close()
    return found


def items(first: int, end: int) -> Iterator[dict[str, Any]]:
    """Open cases as the table holds them, all of one size; the first `MINE` are one agent's, of the rest every other
    is nobody's."""
    for number in range(first, end):
        case = Case(
            id=f"c{number:025}", brand=BRAND, provider="x", platform="x", account_id="5550001",
            thread_id=f"{2123706425275322373 + number}", customer_id=f"9{number:06}", handle=f"customer_{number:06}",
            name=f"Customer {number:06}", snippet="My parcel was to come on Monday. Where is it? " * 3,
            snippet_of=f"{2123706425275322373 + number}", due_at=f"2026-11-20T{number // 3600 % 24:02}:"
            f"{number // 60 % 60:02}:{number % 60:02}.000Z", deadline=FAR, opened_at=AT, asked_at=AT, updated_at=AT,
            last_at=AT, owner=DANA if number < MINE else ("", OTHER)[number % 2], workflow="running", triaged=1,
            assigned=1, reply_to=f"{2123706425275322373 + number}", version=3, kind="complaint",
        )  # fmt: skip
        place = {"change_pk": keys.changed(BRAND), "change_sk": keys.change_order(AT, 3), "wf_token": TASK_TOKEN}
        key = keys.case(BRAND, case.id)._asdict()
        yield to_item({"v": FORMAT, **values_of(case), **indexes(case), **place, **key})


def _asked(cases: Cases, meter: Meter) -> dict[str, float]:
    said: dict[str, float] = {}

    def page(name: str, view: str, start: dict[str, Any]) -> dict[str, Any]:
        with meter.charge(f"{name} {len(meter.consumed)}") as consumed:
            shown, following = cases.of_view(BRAND, view, DANA, start, PAGE)
        if len(shown) != min(PAGE, MINE if view == "mine" else PAGE):
            raise ValueError(f"{name} has {len(shown)} rows")
        said[name] = consumed.read
        return following

    page("second", "open", page("first", "open", {}))
    page("unassigned", "unassigned", {})
    page("mine", "mine", {})
    with meter.charge(f"counts {len(meter.consumed)}") as consumed:
        cases.counts(BRAND, DANA)
    said["counts"] = consumed.read
    return said


def main(arguments: list[str]) -> int:
    """Measure and print; with `--write` keep it."""
    if arguments not in ([], ["--write"]):
        print("usage: python -m tests.integration.queue_page [--write]", file=sys.stderr)
        return 2
    found = measure()
    print(queue_rows(found))
    if arguments:
        FILE.write_text(json.dumps(found, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
