"""One case from complaint to close through the real handlers on moto, with a meter on everything AWS bills by use."""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import boto3
import pytest
from awslambdaric.lambda_runtime_log_utils import JsonFormatter
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from hark import aws, wiring
from hark.domain.case import Case
from hark.domain.time import text as time_text
from hark.providers.x.fake import Fake
from hark.store import keys
from hark.store.cases import indexes
from hark.store.people import People
from hark.store.table import from_item, to_item

from infra.costs.meter import Meter

from .conftest import BRAND, Desk, key_of
from .gateway import request
from .x_deliveries import ACME, KIM, signature

TASK_TOKEN = "t" * 1024
"""Step Functions' tokens are opaque; ours is as long as the longest that the service is known to make."""
LOG_EVENT_OVERHEAD_BYTES = 26
"""Added to each log event. Source: CloudWatch Logs API reference, PutLogEvents."""
BATCH = 25
"""Items DynamoDB takes in one BatchWriteItem."""
TEXT = "@acme my parcel 4711 was to come on Monday, it is Friday and nobody answers the phone. Where is it?"
ANSWER = "Hello Kim, we are sorry. Your parcel was held up in Riga and will be with you tomorrow before noon. ^DO"


@dataclass
class Use:
    """What one function of the walk used beside the table."""

    invocations: int = 0
    log_bytes: int = 0
    counters: Counter[str] = field(default_factory=Counter)


class _Lines(logging.Handler):
    """Measures log lines in the form Lambda writes them."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.setFormatter(JsonFormatter())
        self.bytes = 0

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.startswith("responses"):  # part of moto
            return
        record.aws_request_id = "00000000-0000-0000-0000-000000000000"
        self.bytes += len(self.format(record).encode()) + LOG_EVENT_OVERHEAD_BYTES


class Walk:
    """Drives the desk and keeps account. `uses` is by function; the table's units are in `meter`."""

    def __init__(self, desk: Desk, fake: Fake, capsys: pytest.CaptureFixture[str], token: str) -> None:
        self.desk, self.fake, self.capsys, self.token = desk, fake, capsys, token
        self.meter = Meter(desk.table.client, boto3.client("dynamodb"), desk.table.name)
        self.uses: dict[str, Use] = {}
        self.calls: Counter[str] = Counter()
        self.bus_events = 0
        self.wanted: list[dict[str, Any]] = []
        self._told: set[tuple[str, str]] = set()
        self._woken = 0
        boto3.client("events").create_event_bus(Name="hark")
        # moto runs no function and knows no token of an execution it does not run: those two are answered here.
        self._hooks: list[tuple[Any, str, Any]] = [
            (aws.lambda_(), "before-call.lambda.Invoke", self._invoked),
            (aws.stepfunctions(), "before-call.stepfunctions.SendTaskSuccess", self._accepted),
            (aws.events(), "before-parameter-build.events.PutEvents", self._put_events),
            (aws.ssm(), "before-parameter-build.ssm", self._counted),
            (aws.stepfunctions(), "before-parameter-build.stepfunctions", self._counted),
        ]
        for client, event, hook in self._hooks:
            client.meta.events.register(event, hook)

    def close(self) -> None:
        """Let the clients, which outlive a test, go."""
        self.meter.close()
        for client, event, hook in self._hooks:
            client.meta.events.unregister(event, hook)

    # --- the account ---

    @contextmanager
    def charged(self, who: str) -> Iterator[None]:
        """One invocation of a function."""
        lines = _Lines()
        root = logging.getLogger()
        level = root.level
        root.addHandler(lines)
        root.setLevel(logging.INFO)
        self.capsys.readouterr()
        try:
            with self.meter.charge(who):
                yield
        finally:
            root.removeHandler(lines)
            root.setLevel(level)
        use = self.uses.setdefault(who, Use())
        use.invocations += 1
        use.log_bytes += lines.bytes
        for line in self.capsys.readouterr().out.splitlines():
            if '"_aws"' in line:
                use.log_bytes += len(line.encode()) + LOG_EVENT_OVERHEAD_BYTES
                use.counters[json.loads(line)["_aws"]["CloudWatchMetrics"][0]["Metrics"][0]["Name"]] += 1

    def _invoked(self, params: Any, **_: Any) -> tuple[AWSResponse, dict[str, Any]]:
        self._woken += 1
        return AWSResponse("", 202, HTTPHeaders(), None), {"StatusCode": 202}

    @staticmethod
    def _accepted(**_: Any) -> tuple[AWSResponse, dict[str, Any]]:
        return AWSResponse("", 200, HTTPHeaders(), None), {}

    def _put_events(self, params: dict[str, Any], **_: Any) -> None:
        self.bus_events += len(params["Entries"])

    def _counted(self, model: Any, **_: Any) -> None:
        self.calls[model.name] += 1

    # --- steps ---

    def post(self) -> dict[str, Any]:
        self._control("users", {"username": "kim_l", "name": "Kim L"})
        posted: dict[str, Any] = self._control("posts", {"author": "kim_l", "text": TEXT, "lang": "en"})
        return posted

    def _control(self, name: str, given: dict[str, Any]) -> Any:
        answer = self.fake.control.answer("POST", name, "", json.dumps(given).encode())
        assert answer.status in (200, 201), answer
        return answer.value

    def deliver(self) -> None:
        """The mention's webhook delivery, with the very body X would send."""
        from hark.providers.x.fake.shapes import envelope

        (post,) = [p for p in self.fake.world.posts() if p.author.id != self.fake.world.brand.id]
        body = envelope("post.mention.create", post, self.fake.world, self.fake.webhooks.new_uuid())
        headers = {"x-twitter-webhooks-signature-oauth2": signature(body), "content-type": "application/json"}
        with self.charged("webhook"):
            assert self.desk.call("webhook", request("POST", "/webhooks/x", body, headers))["statusCode"] == 200

    def ingest(self) -> None:
        """The stream hands over the entries that are to be folded."""
        waiting = [i for i in self.desk.items("RAW") if i["state"] == "received"]
        assert len(waiting) == 1
        with self.charged("ingest"):
            self.desk.call("ingest", {"Records": [_record(item, "MODIFY") for item in waiting]})
        assert self.desk.items("RAW")[0]["state"] == "folded"
        self.relay()

    def poll(self) -> None:
        with self.charged("poll"):
            assert self.desk.call("poll", {"provider": "x"})["poll"]["accounts"] == 1

    def step(self, function: str, **more: Any) -> Any:
        """A function of the workflow, and the relay for the history lines it wrote."""
        case = self.desk.case()
        with self.charged(function):
            answer = self.desk.step(function, case, **more)
        self.relay()
        return answer

    def wait(self, name: str) -> None:
        """A state of the workflow that lays its token on the case, itself, without a function."""
        case = self.desk.case()
        with self.meter.charge("workflow"):
            self.desk.table.client.update_item(
                TableName=self.desk.table.name, Key=to_item(keys.case(BRAND, case.id)._asdict()),
                UpdateExpression="SET wf_token = :token, wf_wait = :wait",
                ExpressionAttributeValues=to_item({":token": TASK_TOKEN, ":wait": name}),
            )  # fmt: skip

    def ask(self, path: str, query: str = "", who: str = "desk_api") -> Any:
        """A GET of the desk's page."""
        return self._http(who, request("GET", path, "", {}, query, [f"__Host-desk={self.token}"]), 200)

    def reply(self) -> None:
        case = self.desk.case()
        headers = {
            "x-desk": "1", "origin": "https://desk.example.com", "content-type": "application/json",
            "idempotency-key": "a-click-of-dana",
        }  # fmt: skip
        body = json.dumps({"text": ANSWER, "seen": case.talk})
        path = f"/api/v1/conversations/{case.id}/replies"
        self._http("desk_api", request("POST", path, body, headers, "", [f"__Host-desk={self.token}"]), 202)
        self.relay()
        assert self._woken == 1
        (intent,) = [i for i in self.desk.items() if i["sk"].startswith(keys.REPLY_PREFIX)]
        with self.charged("send_reply"):
            self.desk.call("send_reply", {"keys": [{"pk": intent["pk"], "sk": intent["sk"]}]})
        self.relay()

    def _http(self, who: str, event: dict[str, Any], status: int) -> Any:
        with self.charged(who):
            answer = self.desk.call("desk_api", event)
        assert answer["statusCode"] == status, answer
        return answer

    def relay(self) -> None:
        """The stream hands over new history lines and replies, as the mapping's filter lets them through."""
        fresh = [
            item for item in self.desk.items()
            if item["sk"].startswith((keys.HISTORY_PREFIX, keys.REPLY_PREFIX))
            and (item["pk"], item["sk"]) not in self._told
        ]  # fmt: skip
        if not fresh:
            return
        self._told |= {(item["pk"], item["sk"]) for item in fresh}
        with self.charged("relay"):
            answer = self.desk.call("relay", {"Records": [_record(item, "INSERT") for item in fresh]})
        assert answer == {"batchItemFailures": []}


def _record(item: dict[str, Any], event: str) -> dict[str, Any]:
    return {
        "eventID": f"{item['pk']}{item['sk']}", "eventName": event, "eventSource": "aws:dynamodb",
        "dynamodb": {
            "Keys": to_item({"pk": item["pk"], "sk": item["sk"]}), "NewImage": to_item(item), "SequenceNumber": "1",
            "StreamViewType": "NEW_IMAGE",
        },
    }  # fmt: skip


def open_session(desk: Desk, member_id: str) -> str:
    """A signed-in member's cookie."""
    token = "session-of-a-test"
    expires = int(desk.clock().timestamp()) + 30 * 86400
    People(wiring.table()).open_session(token, BRAND, member_id, expires, at=time_text(desk.clock()))
    return token


def complaint(walk: Walk) -> None:
    """A public complaint that has an owner and waits for an answer. The poll sees it twice."""
    walk.post()
    walk.deliver()
    walk.ingest()
    walk.step("triage")
    walk.step("assign")
    walk.wait("AwaitAnswer")
    walk.poll()
    walk.poll()


def one_case(walk: Walk) -> None:
    """A public complaint, answered once in time, followed up, closed by silence."""
    complaint(walk)
    walk.desk.clock.forward(minutes=5)  # the fake platform lives a little ahead of it
    case = walk.desk.case()
    walk.ask(f"/api/v1/conversations/{case.id}")
    walk.reply()
    walk.wait("AwaitCustomer")
    walk.ask(f"/api/v1/conversations/{case.id}")
    walk.desk.clock.forward(hours=24, seconds=1)
    walk.step("follow_up", step="ask")
    walk.wait("AwaitSolved")
    walk.desk.clock.forward(hours=24, seconds=1)
    walk.step("follow_up", step="close")
    case = walk.desk.case()
    assert (case.status, case.close_reason, case.reply_state) == ("closed", "silence", "sent")


def fill(desk: Desk, case: Case, number: int, mine: int, start: int = 0) -> None:
    """So many more open cases like `case`: the first `mine` of its owner, then nobody's and somebody else's in turn.

    The first `start` of them are there already.
    """
    key = to_item(key_of(case)._asdict())
    model = from_item(desk.table.client.get_item(TableName=desk.table.name, Key=key)["Item"])
    rest = {name: value for name, value in model.items() if not name.endswith(("_pk", "_sk"))}
    puts: list[Any] = []
    for n in range(start, number):
        case_id = keys.case_id(BRAND, "x", ACME, f"thread {n}", KIM)
        owner = case.owner if n < mine else ("", "oleg-0000-0000-0000-000000000000")[n % 2]
        copy = case.model_copy(update={"id": case_id, "owner": owner})
        said = {"id": case_id, "owner": owner, "status": copy.status, "workflow": "running"}
        item = {**rest, **said, **indexes(copy), **key_of(copy)._asdict()}
        puts.append({"PutRequest": {"Item": to_item(item)}})
    for first in range(0, len(puts), BATCH):
        desk.table.client.batch_write_item(RequestItems={desk.table.name: puts[first : first + BATCH]})
