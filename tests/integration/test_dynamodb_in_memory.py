"""The table in memory answers as moto's does, whatever the store asks; and refuses what DynamoDB refuses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from hark.store.keys import Key
from hark.store.table import Change, Check, ConditionFailed, Put, Table, Write
from hypothesis import given, settings
from hypothesis import strategies as st
from moto import mock_aws

from .conftest import table_of_the_template
from .table_in_memory import in_memory

Step = Callable[[Table], Any]

KEYS = [Key(pk, sk) for pk in ("a", "b") for sk in ("1", "2", "22", "é", "\U0001f600")]
key = st.sampled_from(KEYS)
small: st.SearchStrategy[Any] = st.one_of(
    st.integers(0, 2), st.sampled_from(["", "x", "y"]), st.booleans(), st.lists(st.integers(0, 1), max_size=2),
    st.sets(st.sampled_from("abcdefgh"), min_size=1, max_size=3),
)  # fmt: skip
attribute = st.sampled_from(["n", "text", "gen"])
seat = st.fixed_dictionaries(
    {}, optional={"list_pk": st.sampled_from(["L", "M"]), "list_sk": st.sampled_from(["1", "2", "21", "ü"]),
                  "work_pk": st.just("W"), "work_sk": st.sampled_from(["1", "2"])},
)  # fmt: skip
values = st.builds(lambda plain, place: {**plain, **place}, st.dictionaries(attribute, small, max_size=3), seat)
when = st.none() | st.dictionaries(attribute, st.none() | small, max_size=2)
puts = st.builds(Put, key, values, st.booleans())
changes = st.builds(
    lambda key, given, gone, when, exists: Change(key, given, [n for n in gone if n not in given], when, exists),
    key, values.filter(bool), st.lists(attribute, unique=True, max_size=2), when, st.booleans(),
)  # fmt: skip
checks = st.builds(Check, key, st.dictionaries(attribute, st.none() | small, min_size=1, max_size=2), st.booleans())
writes: st.SearchStrategy[Write] = st.one_of(puts, changes, checks)


def told(step: Step, table: Table) -> Any:
    """What a step gives, or how it was refused."""
    try:
        return step(table)
    except ConditionFailed as failed:
        return "failed", failed.index, failed.item


def a_query(index: str | None, partition: str, bound: dict[str, Any], limit: int, newest_first: bool) -> Step:
    """All pages of a query, one after the other, and the keys between them."""

    def step(table: Table) -> Any:
        pages: list[Any] = []
        start: Any = None
        while True:
            items, start = table.query(
                partition, index=index, limit=limit, newest_first=newest_first, start=start, **bound
            )
            pages.append((items, start))
            if start is None:
                return sorted_in_ties(pages, {None: "sk", "lists": "list_sk", "work": "work_sk"}[index])

    return step


def sorted_in_ties(pages: list[Any], name: str) -> Any:
    """Of items with the same sort key of an index DynamoDB promises no order."""
    items = [item for page, _ in pages for item in page]
    ordered = sorted(items, key=lambda item: (item[name], item["pk"], item["sk"]))
    return [item[name] for item in items], ordered


bounds = st.sampled_from(
    [{}, {"prefix": "2"}, {"prefix": ""}, {"up_to": "2"}, {"since": "2"}, {"since": "1", "up_to": "22"}]
)
steps: st.SearchStrategy[Step] = st.one_of(
    st.builds(lambda k, v, new: lambda t: t.put(k, v, new=new), key, values, st.booleans()),
    st.builds(lambda c: lambda t: t.change(c), changes),
    st.builds(lambda k: lambda t: t.get(k), key),
    st.builds(lambda ks: lambda t: t.get_many(ks), st.lists(key, min_size=1, max_size=4)),
    st.builds(lambda k: lambda t: t.take(k), key),
    st.builds(lambda k: lambda t: t.delete(k), key),
    st.builds(lambda k: lambda t: t.add(k, "tries", 9), key),
    st.builds(
        lambda k, limit: lambda t: t.count(k, index="lists", limit=limit), st.sampled_from("LM"), st.integers(1, 3)
    ),
    st.builds(lambda ws: lambda t: t.transact(ws), st.lists(writes, min_size=1, max_size=4, unique_by=lambda w: w.key)),
    st.builds(a_query, st.just(None), st.sampled_from("ab"), bounds, st.integers(1, 4), st.booleans()),
    st.builds(a_query, st.just("lists"), st.sampled_from("LM"), bounds, st.integers(1, 4), st.booleans()),
    st.builds(a_query, st.just("work"), st.just("W"), bounds, st.integers(1, 4), st.booleans()),
)


def a_table(stack: ExitStack, *services: AbstractContextManager[Any]) -> Table:
    for service in services:
        stack.enter_context(service)
    client = boto3.client("dynamodb", region_name="us-east-1", aws_access_key_id="none", aws_secret_access_key="none")
    client.create_table(TableName="desk", **table_of_the_template())
    return Table(client, "desk")


@given(st.lists(steps, min_size=1, max_size=40))
@settings(max_examples=25, deadline=None)
def test_every_sequence_of_questions_and_writes_is_answered_as_moto_does(asked: list[Step]) -> None:
    answers = []
    for services in ((mock_aws(),), (mock_aws(), in_memory())):
        with ExitStack() as stack:
            table = a_table(stack, *services)
            answers.append([told(step, table) for step in asked])
    assert answers[0] == answers[1]


@pytest.fixture
def table() -> Iterator[Table]:
    with ExitStack() as stack:
        yield a_table(stack, mock_aws(), in_memory())


def refusal(step: Callable[[], object]) -> str:
    with pytest.raises(ClientError) as refused:
        step()
    return refused.value.response["Error"]["Code"]


def test_what_dynamodb_refuses_is_refused(table: Table) -> None:
    one = Key("a", "1")
    assert refusal(lambda: table.put(one, {"text": "x" * 400 * 1024})) == "ValidationException"
    assert refusal(lambda: table.put(Key("a", ""), {})) == "ValidationException"
    assert refusal(lambda: table.put(Key("a", "s" * 1025), {})) == "ValidationException"
    assert refusal(lambda: table.put(one, {"list_pk": "", "list_sk": "1"})) == "ValidationException"
    assert refusal(lambda: table.put(one, {"list_pk": 5, "list_sk": "1"})) == "ValidationException"
    assert (
        refusal(lambda: table.transact([Put(one, {}), Check(one, {"n": None}, exists=False)])) == "ValidationException"
    )
    assert refusal(lambda: table.transact([Put(Key("a", str(n)), {}) for n in range(101)])) == "ValidationException"
    assert refusal(lambda: Table(table.client, "another").get(one)) == "ResourceNotFoundException"
    assert table.get(one) is None, "nothing of it was written"


def test_a_number_of_more_than_38_digits_is_refused(table: Table) -> None:
    """moto and the local engine take it."""
    item = {"pk": {"S": "a"}, "sk": {"S": "1"}, "n": {"N": "1" * 39}}
    assert refusal(lambda: table.client.put_item(TableName="desk", Item=item)) == "ValidationException"


def test_the_same_transaction_under_the_same_token_is_done_once(table: Table) -> None:
    """DynamoDB keeps a client token for ten minutes; moto knows none."""

    def add(amount: str, token: str) -> None:
        table.client.transact_write_items(
            ClientRequestToken=token,
            TransactItems=[{"Update": {
                "TableName": "desk", "Key": {"pk": {"S": "a"}, "sk": {"S": "1"}}, "UpdateExpression": "ADD n :one",
                "ExpressionAttributeValues": {":one": {"N": amount}},
            }}],
        )  # fmt: skip

    add("1", "token")
    add("1", "token")
    assert table.get(Key("a", "1")) == {"pk": "a", "sk": "1", "n": 1}
    assert refusal(lambda: add("2", "token")) == "IdempotentParameterMismatchException"
    add("1", "another")
    assert table.get(Key("a", "1")) == {"pk": "a", "sk": "1", "n": 2}


def test_the_members_of_a_set_have_no_order(table: Table) -> None:
    """Python hands the same set over in another order in every process."""
    key = {"pk": {"S": "a"}, "sk": {"S": "1"}}
    table.client.put_item(TableName="desk", Item={**key, "kinds": {"SS": ["one", "two"]}})
    for members, answer in ((["two", "one"], "done"), (["two"], "ConditionalCheckFailedException")):
        try:
            table.client.put_item(
                TableName="desk", Item={**key, "kinds": {"SS": ["one", "two"]}}, ConditionExpression="kinds = :k",
                ExpressionAttributeValues={":k": {"SS": members}},
            )  # fmt: skip
            said = "done"
        except ClientError as refused:
            said = refused.response["Error"]["Code"]
        assert said == answer


def test_a_page_ends_at_a_million_bytes(table: Table) -> None:
    for number in range(8):
        table.put(Key("a", str(number)), {"text": "x" * 200_000})
    first, more = table.query("a")
    assert (len(first), more) == (6, {"pk": "a", "sk": "5"})
    rest, more = table.query("a", start=more)
    assert (len(rest), more) == (2, None)


def test_what_the_desk_has_never_asked_is_not_guessed(table: Table) -> None:
    with pytest.raises(NotImplementedError):
        table.client.scan(TableName="desk")
    with pytest.raises(NotImplementedError):
        table.client.put_item(
            TableName="desk", Item={"pk": {"S": "a"}, "sk": {"S": "1"}}, ConditionExpression="size(pk) = :n",
            ExpressionAttributeValues={":n": {"N": "1"}},
        )  # fmt: skip
