"""Our rules for write units against what the local engine reports: two readings of AWS's documentation.

Reads are not compared: the engine reports a constant for them, whatever they return.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from infra.costs.capacity import Index, Item, change_units, indexes
from infra.expand import expand

from .cloud import LocalCloud

KEY: Item = {"pk": {"S": "acme#CASE#c1"}, "sk": {"S": "CASE"}}
LISTED: Item = {**KEY, "list_pk": {"S": "acme#VIEW#open#0"}, "list_sk": {"S": "2026-11-20T10:00:00.000Z#c1"}}
OWNED: Item = {**LISTED, "owner_pk": {"S": "acme#OWNER#dana"}, "owner_sk": {"S": "2026-11-20T10:00:00.000Z#c1"}}
DUE: Item = {**OWNED, "work_pk": {"S": "~#WORK#0"}, "work_sk": {"S": "2026-11-20T10:05:00.000Z"}}
LARGE: Item = {"wf_token": {"S": "t" * 1500}}


@pytest.fixture
def table(cloud: LocalCloud) -> Iterator[str]:
    """An empty table like the desk's, without its stream."""
    found = next(r["Properties"] for r in expand()["Resources"].values() if r["Type"] == "AWS::DynamoDB::Table")
    kept = ("BillingMode", "KeySchema", "AttributeDefinitions", "GlobalSecondaryIndexes")
    name = f"units-{uuid4().hex[:8]}"
    cloud.client("dynamodb").create_table(TableName=name, **{part: found[part] for part in kept})
    yield name
    cloud.client("dynamodb").delete_table(TableName=name)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, KEY),
        ({}, DUE),
        (KEY, LISTED),
        (LISTED, {**LISTED, **LARGE}),
        (DUE, {**DUE, "text": {"S": "x"}}),
        (DUE, {**DUE, "list_sk": {"S": "2026-11-21"}, "work_sk": {"S": "2026-11-21"}}),
        (DUE, OWNED),
        (OWNED, LISTED),
        ({**DUE, **LARGE}, {**LISTED, **LARGE, "list_pk": {"S": "acme#VIEW#closed#0"}}),
        ({**DUE, **LARGE}, {}),
    ],
)
def test_a_change_costs_what_the_engine_says(cloud: LocalCloud, table: str, before: Item, after: Item) -> None:
    client: Any = cloud.client("dynamodb")
    if before:
        client.put_item(TableName=table, Item=before)
    if after:
        answer = client.put_item(TableName=table, Item=after, ReturnConsumedCapacity="INDEXES")
    else:
        answer = client.delete_item(TableName=table, Key=KEY, ReturnConsumedCapacity="INDEXES")
    said = answer["ConsumedCapacity"]
    ours: tuple[Index, ...] = indexes(client.describe_table(TableName=table)["Table"])
    items, entries = change_units(before, after, ours, transactional=False)
    assert said["Table"]["CapacityUnits"] == items
    reported = {name: one["CapacityUnits"] for name, one in said.get("GlobalSecondaryIndexes", {}).items()}
    assert reported == {i.name: units for i in ours if (units := i.write_units(before, after))}
    assert sum(reported.values()) == entries


def test_a_transaction_costs_an_item_twice(cloud: LocalCloud, table: str) -> None:
    answer = cloud.client("dynamodb").transact_write_items(
        TransactItems=[{"Put": {"TableName": table, "Item": {**KEY, **LARGE}}}], ReturnConsumedCapacity="TOTAL"
    )
    (said,) = answer["ConsumedCapacity"]
    assert said["CapacityUnits"] == change_units({}, {**KEY, **LARGE}, (), transactional=True)[0] == 4
