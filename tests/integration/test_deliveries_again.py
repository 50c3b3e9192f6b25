"""What wakes our functions repeats, shuffles, overtakes itself, gives up and is asked again: the table's stream, calls
that nobody waits for, and the queue of what failed for good (F9, F10, F11, F34, I11, I35)."""

from __future__ import annotations

import heapq
import itertools
import json
import random
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from hark import aws, wiring
from hark.domain.time import parse
from hark.store.table import Item, to_item

from infra.expand import read

from .bus import bus_of
from .conftest import Desk
from .faults import Crash, between, fault
from .one_case import SignIn
from .test_intake import essence
from .x_deliveries import mention

POST = 2123706425275322373


def posts(count: int) -> list[dict[str, Any]]:
    """Posts of three people, each in one thread of their own."""
    return [
        mention(
            str(POST + n), f"@acme post {n}", author_id=f"77700{n % 3:02}", conversation_id=str(POST + n % 3),
            created_at=f"2026-11-20T10:{n:02}:00.000Z",
            **({"in_reply_to_tweet_id": str(POST + n % 3)} if n > 2 else {}),
        )
        for n in range(count)
    ]  # fmt: skip


def record(item: Item, number: int = 1) -> dict[str, Any]:
    """An item as the table's stream brings it."""
    wire: dict[str, Any] = to_item(item)
    image = {name: value for name, value in wire.items() if name != "body"}
    return {
        "eventID": str(number), "eventName": "INSERT", "eventSource": "aws:dynamodb",
        "dynamodb": {
            "Keys": {"pk": wire["pk"], "sk": wire["sk"]}, "NewImage": image, "SequenceNumber": str(number),
            "StreamViewType": "NEW_IMAGE",
        },
    }  # fmt: skip


def stored(desk: Desk, bodies: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Hand them in; what the stream then says of them, in its order."""
    for body in bodies:
        assert desk.deliver(body) == 200
    return [record(item, number) for number, item in enumerate(desk.items("RAW"), 100)]


def failed(desk: Desk, records: list[dict[str, Any]]) -> list[str]:
    """Which records of a batch ingest wants to have again."""
    answer = desk.call("ingest", {"Records": records})
    assert set(answer) == {"batchItemFailures"}
    return [each["itemIdentifier"] for each in answer["batchItemFailures"]]


@pytest.fixture(autouse=True)
def afternoon(desk: Desk) -> None:
    desk.clock.forward(hours=6)


def test_f9_i4_a_stream_that_repeats_and_shuffles_ends_as_one_in_order(desk: Desk) -> None:
    bodies = posts(9)
    assert failed(desk, stored(desk, bodies)) == []
    wanted, chance = essence(desk), random.Random(9)
    for _ in range(5):
        desk.forget()
        again = stored(desk, bodies) * 3
        chance.shuffle(again)
        for start in range(0, len(again), 5):
            assert failed(desk, again[start : start + 5]) == []
        assert essence(desk) == wanted
        assert {item["state"] for item in desk.items("RAW")} == {"folded"}


def test_f9_what_comes_again_while_it_is_being_worked_on_is_done_once(desk: Desk) -> None:
    """Its time was over before its worker was: a second one takes it up between any two writes of the first."""
    bodies = posts(4)
    records = stored(desk, bodies)
    desk.call("ingest", {"Records": records})
    wanted = essence(desk)
    for operation, first in itertools.product(("GetItem", "TransactWriteItems"), range(1, 4)):
        desk.forget()
        records = stored(desk, bodies)
        with between(operation, lambda: desk.call("ingest", {"Records": records}), first=first):  # noqa: B023
            assert failed(desk, records) == []
        assert essence(desk) == wanted, (operation, first)
        history = [item for item in desk.items() if item["sk"].startswith("EVT#")]
        assert len({(item["pk"], item["sk"]) for item in history}) == len(history)


# --- batches that fail --------------------------------------------------------------------------


def test_f10_i34_of_a_batch_exactly_those_come_again_that_could_not_even_be_counted(desk: Desk) -> None:
    """One at each place, several, all, none: whoever succeeded is never asked for again, nobody is dropped."""
    for broken in ([0], [4], [2], [1, 3], [0, 1, 2, 3, 4], []):
        desk.forget()
        records = stored(desk, posts(5))
        pks = {records[at]["dynamodb"]["Keys"]["pk"]["S"] for at in broken}
        with refusing(pks):
            assert failed(desk, records) == [records[at]["dynamodb"]["SequenceNumber"] for at in broken]
        states = {item["pk"]: item["state"] for item in desk.items("RAW")}
        assert {pk for pk, state in states.items() if state == "received"} == pks
        assert failed(desk, records) == [], "whole, as the stream does after the lowest that failed"
        assert {item["state"] for item in desk.items("RAW")} == {"folded"}
        assert len(desk.messages()) == 5


def refusing(pks: set[str]) -> Any:
    """No write of these ledger entries gets through."""
    from .faults import each_call

    def before(operation: str, request: Any) -> tuple[int, dict[str, str], bytes] | None:
        said = request.body if isinstance(request.body, bytes) else (request.body or "").encode()
        if operation in ("UpdateItem", "TransactWriteItems") and any(pk.encode() in said for pk in pks):
            error = {"__type": "com.amazonaws#InternalServerError"}
            return 400, {"x-amzn-requestid": "r"}, json.dumps(error).encode()
        return None

    return each_call(before)


def test_f10_an_answer_that_names_what_was_never_in_the_batch_brings_all_of_it_again_and_changes_nothing(
    desk: Desk,
) -> None:
    """Lambda takes such an answer, an empty name, and an answer it cannot read for the failure of the whole batch
    (Lambda developer guide, "Reporting batch item failures"). Our names are those of the records, each once."""
    records = stored(desk, posts(6))
    records[2]["dynamodb"]["Keys"] = {}  # what no stream sends: it is reported, and stops nobody
    assert failed(desk, records) == [records[2]["dynamodb"]["SequenceNumber"]]
    left = [record(item) for item in desk.items("RAW") if item["state"] == "received"]
    assert len(left) == 1 and failed(desk, left) == []
    before = desk.items()
    for _ in range(3):
        assert failed(desk, records[:2] + records[3:]) == []
    assert desk.items() == before


def test_f10_relay_names_the_first_that_the_bus_did_not_take_and_none_before_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.take_in(*posts(12))
    lines = [item for item in desk.items() if item["sk"].startswith("EVT#")][:12]
    records = [record(line, number) for number, line in enumerate(lines, 1)]
    taken: list[Any] = []
    client = aws.events()

    def put(refused: int) -> Callable[..., Any]:
        def put_events(**given: Any) -> dict[str, Any]:
            taken.extend(given["Entries"])
            return {"FailedEntryCount": int(len(taken) > refused), "Entries": []}

        return put_events

    for refused, first in ((0, "1"), (10, "11"), (12, None)):
        taken.clear()
        monkeypatch.setattr(client, "put_events", put(refused))
        names = [each["itemIdentifier"] for each in desk.call("relay", {"Records": records})["batchItemFailures"]]
        assert names == ([first] if first else [])


# --- given up, and asked again ------------------------------------------------------------------


class FailureQueue:
    """The queue of the template. What Lambda puts there, and what the runbook has an operator do with it."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        queue = read()["Resources"]["FailureQueue"]["Properties"]
        self.client = boto3.client("sqs")
        made = self.client.create_queue(
            QueueName="failures", Attributes={"MessageRetentionPeriod": str(queue["MessageRetentionPeriod"])}
        )
        self.url = made["QueueUrl"]
        self.ids: set[str] = set()

    def give_up(self, function: str, event: dict[str, Any]) -> None:
        """An invocation that nobody waited for, or a batch of the stream without its records."""
        said: dict[str, Any] = {"requestContext": {"functionArn": function, "condition": "RetriesExhausted"}}
        if "Records" in event:
            said["DDBStreamBatchInfo"] = {"batchSize": len(event["Records"])}
        else:
            said["requestPayload"] = event
        self.client.send_message(QueueUrl=self.url, MessageBody=json.dumps(said))

    def receive(self) -> Iterator[dict[str, Any]]:
        """Each message, which stays there; nobody has deleted it."""
        for message in self.client.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10, VisibilityTimeout=0).get(
            "Messages", []
        ):
            self.ids.add(message["MessageId"])
            yield json.loads(message["Body"])

    def redrive(self) -> None:
        """As the runbook says: call again, under another id; a batch of the stream is the sweeper's."""
        for said in list(self.receive()):
            if "requestPayload" in said:
                self.desk.call(said["requestContext"]["functionArn"], said["requestPayload"])
                self.client.send_message(QueueUrl=self.url, MessageBody=json.dumps(said))


def sweep_of(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[tuple[str, dict[str, Any]]]]:
    """A sweep, and what it has others do: asked of them at once."""
    asked: list[tuple[str, dict[str, Any]]] = []

    class Caller:
        def invoke(self, **given: Any) -> None:
            asked.append((given["FunctionName"], json.loads(given["Payload"])))

    monkeypatch.setattr(aws, "lambda_", Caller)

    def sweep() -> list[tuple[str, dict[str, Any]]]:
        asked.clear()
        desk.call("sweep", {})
        return list(asked)

    return sweep


def test_f11_i11_i35_what_failed_for_good_is_finished_by_the_sweeper_and_two_redrives_change_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    bodies, sweep, queue = posts(8), sweep_of(desk, monkeypatch), FailureQueue(desk)
    desk.call("ingest", {"Records": stored(desk, bodies)})
    wanted = essence(desk)
    desk.forget()
    records = stored(desk, bodies)
    mapping = read()["Resources"]["IngestFunction"]["Properties"]["Events"]["Stored"]["Properties"]
    with fault("TransactWriteItems", "crash before") as met:
        for _ in range(1 + mapping["MaximumRetryAttempts"]):
            with pytest.raises(Crash):
                desk.call("ingest", {"Records": records})
        queue.give_up("ingest", {"Records": records})
        desk.clock.forward(seconds=30)
        calls = sweep()
        for function, event in calls:
            for _ in range(3):  # the platform's own two retries
                with pytest.raises(Crash):
                    desk.call(function, event)
            queue.give_up(function, event)
    assert met.struck == 4 + 3 * len(calls) and len(list(queue.receive())) == 1 + len(calls)
    assert {item["state"] for item in desk.items("RAW")} == {"received"}, "nothing is lost, nothing is to blame"
    desk.clock.forward(minutes=10)
    for function, event in sweep():
        desk.call(function, event)
    assert essence(desk) == wanted and {item["state"] for item in desk.items("RAW")} == {"folded"}
    before = desk.items()
    for _ in range(2):
        queue.redrive()
    assert desk.items() == before and len(queue.ids) > 1 + len(calls), "other ids each time"
    assert not [event for function, event in sweep() if function == "ingest"]


def test_f11_i34_an_event_that_fails_five_times_is_quarantined_and_those_beside_it_are_not(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Something in it breaks our own code each time it is folded."""
    sweep = sweep_of(desk, monkeypatch)
    records = stored(desk, [mention(str(POST + n), f"@acme {n}", author_id=f"77700{n:02}") for n in range(3)])
    parse_it = wiring.intake().reading("x").parse
    reading = wiring.intake().reading

    class Breaks:
        def __getattr__(self, name: str) -> Any:
            return getattr(reading("x"), name)

        @staticmethod
        def parse(event: Any, *given: Any) -> Any:
            if event.key == f"post:{POST + 1}":
                raise ZeroDivisionError
            return parse_it(event, *given)

    object.__setattr__(wiring.intake(), "reading", lambda provider: Breaks())
    assert failed(desk, records) == [], "it is counted on the entry itself"
    for _ in range(4):
        desk.clock.forward(hours=1)
        for function, event in sweep():
            if function == "ingest":
                desk.call(function, event)
    states = {item["event"]: (item["state"], item["reason"]) for item in desk.items("RAW")}
    assert states.pop(f"post:{POST + 1}") == ("quarantined", "ZeroDivisionError")
    assert set(states.values()) == {("folded", "")} and len(desk.messages()) == 2
    desk.clock.forward(hours=1)
    assert not [event for function, event in sweep() if function == "ingest"]


def test_i35_i11_everything_that_was_ever_asked_of_a_function_asked_twice_more_changes_nothing(
    desk: Desk, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A day of a case with all that Lambda can give up: batches, steps, sweeps, notices. Then all of it is redriven."""
    asked: list[tuple[str, dict[str, Any]]] = []
    call, sweep, dana = desk.call, sweep_of(desk, monkeypatch), sign_in(seconds=7 * 86400)

    def noted(function: str, event: dict[str, Any]) -> Any:
        if function not in ("desk_api", "webhook"):
            asked.append((function, json.loads(json.dumps(event))))
        return call(function, event)

    monkeypatch.setattr(desk, "call", noted)
    with bus_of(desk) as bus:
        for number, records in enumerate((stored(desk, posts(6)),) * 2):
            if number:
                noted("ingest", {"Records": records})
        for case in desk.cases():
            for step in ("triage", "auto_answer", "assign"):
                desk.step(step, case)
        taken = desk.cases()[0]
        assert (
            dana.send("PATCH", f"conversations/{taken.id}", {"version": taken.version, "assignee": "me"}).status == 200
        )
        for hours in (1, 2, 4, 30):
            desk.clock.forward(hours=hours)
            for function, event in sweep():
                noted(function, event)
            for case in desk.cases():
                if case.deadline and parse(case.deadline) <= desk.clock():
                    desk.step("remind", case, deadline=case.deadline)
            bus.deliver()
        assert {name for name, _ in asked} >= {"ingest", "triage", "assign", "remind", "sweep", "relay", "notify"}
        sweep()
        before = desk.items()
        assert len(asked) > 30 and len([item for item in before if item["sk"].startswith("EVT#")]) > 20
        chance = random.Random(35)
        for _ in range(2):
            chance.shuffle(asked)
            for function, event in asked:
                call(function, event)
        assert changed(before, desk.items()) == set()


def changed(before: list[Item], after: list[Item]) -> set[str]:
    """Kinds of items that are other than they were."""
    was = {(item["pk"], item["sk"]): item for item in before}
    now = {(item["pk"], item["sk"]): item for item in after}
    return {sk.partition("#")[0] for pk, sk in was.keys() | now.keys() if was.get((pk, sk)) != now.get((pk, sk))}


def test_i35_what_failed_is_kept_longer_than_its_source_and_one_message_calls_for_help() -> None:
    """A stream keeps its records a day, a call that nobody waits for six hours (Lambda developer guide)."""
    resources = read()["Resources"]
    queue = resources["FailureQueue"]["Properties"]
    assert queue["MessageRetentionPeriod"] == 14 * 86400 > 86400
    functions = {name: r["Properties"] for name, r in resources.items() if r["Type"] == "AWS::Serverless::Function"}
    kept = {"Fn::GetAtt": ["FailureQueue", "Arn"]}
    for name, said in functions.items():
        events = list(said.get("Events", {}).values())
        if {event["Type"] for event in events} == {"HttpApi"}:
            continue  # whoever calls it waits for the answer, and asks again
        assert goes_to(said["EventInvokeConfig"]["DestinationConfig"]) == kept, name
        for event in events:
            if event["Type"] == "DynamoDB":
                assert goes_to(event["Properties"]["DestinationConfig"]) == kept, name
                assert event["Properties"]["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    alarm = resources["FailedWorkAlarm"]["Properties"]
    assert (alarm["MetricName"], alarm["Threshold"], alarm["ComparisonOperator"]) == (
        "ApproximateNumberOfMessagesVisible", 1, "GreaterThanOrEqualToThreshold",
    )  # fmt: skip
    assert alarm["Dimensions"] == [{"Name": "QueueName", "Value": {"Fn::GetAtt": ["FailureQueue", "QueueName"]}}]


def goes_to(destination: dict[str, Any]) -> Any:
    return destination["OnFailure"]["Destination"]


# --- too few at once ----------------------------------------------------------------------------

SECONDS = 0.4
"""How long a batch takes, in the model's own time."""


def test_f34_with_one_at_a_time_all_is_done_only_later(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four readers of the stream and a sweeper want ingest at once; it may run once at a time, or as often as it likes.

    Who finds no room comes again: the stream as long as its records live, calls that nobody waits for as well. Neither
    counts as a try (Lambda developer guide, on throttles).
    """
    bodies, ends = posts(42), {}
    sweep = sweep_of(desk, monkeypatch)
    for most in (1, 1000):
        desk.forget()
        records = stored(desk, bodies)
        ends[most] = (drained(desk, records, sweep, most), essence(desk))
        assert {item["state"] for item in desk.items("RAW")} == {"folded"}
    (slow, throttled), (fast, never) = ends[1][0], ends[1000][0]
    assert ends[1][1] == ends[1000][1]
    assert slow > 2 * fast and throttled > 10 and never == 0


def drained(
    desk: Desk, records: list[dict[str, Any]], sweep: Callable[[], list[tuple[str, dict[str, Any]]]], most: int
) -> tuple[float, int]:
    """Seconds until every entry is done, and how often somebody found no room."""
    shards: dict[int, list[Any]] = {}
    for one in records:
        shards.setdefault(sum(one["dynamodb"]["Keys"]["pk"]["S"].encode()) % 4, []).append(one)
    order = itertools.count()
    turns: list[tuple[float, int, str, Any]] = [(0.0, next(order), "stream", shard) for shard in shards]
    desk.clock.forward(seconds=25)
    turns += [(0.1, next(order), "call", event) for function, event in sweep() if function == "ingest"]
    heapq.heapify(turns)
    running, throttled, now = 0, 0, 0.0
    while turns:
        now, _, kind, what = heapq.heappop(turns)
        if kind == "end":
            running -= 1
            if what is not None and shards[what]:
                heapq.heappush(turns, (now, next(order), "stream", what))
        elif running >= most:
            throttled += 1
            heapq.heappush(turns, (now + 0.25, next(order), kind, what))
        else:
            running += 1
            if kind == "stream":
                batch, shards[what] = shards[what][:3], shards[what][3:]
                assert failed(desk, batch) == []
            else:
                desk.call("ingest", what)
            heapq.heappush(turns, (now + SECONDS, next(order), "end", what if kind == "stream" else None))
    return now, throttled


def test_f34_a_call_that_finds_no_room_keeps_a_sweep_from_nothing_else(
    desk: Desk, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.take_in(mention())
    case, dana = desk.case(), sign_in(seconds=86400)
    snooze = {"version": case.version, "state": "snoozed", "snoozed_until": "2026-11-20T16:00:00.000Z"}
    assert dana.send("PATCH", f"conversations/{case.id}", snooze).status == 200
    stored(desk, [mention(str(POST + n), f"@acme {n}", author_id=f"77700{n:02}") for n in range(1, 20)])

    class Full:
        def invoke(self, **given: Any) -> None:
            raise ClientError({"Error": {"Code": "TooManyRequestsException", "Message": "Rate exceeded"}}, "Invoke")

    monkeypatch.setattr(aws, "lambda_", Full)
    desk.clock.forward(hours=2)
    assert desk.call("sweep", {})["events"] == 19
    assert desk.case().status == "open", "its time has come, whatever became of the calls"
