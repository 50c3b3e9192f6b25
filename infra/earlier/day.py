"""A day at the desk in two halves: what one version of the code writes in the morning, another one takes up (I36).

Run as a file it does one half with whichever version of `hark` and `functions` is on the path, in a process of its own:
`python infra/earlier/day.py <folder of the code> morning DUMP` and `… afternoon DUMP OUTCOME`. So it asks nothing of
that code but its handlers, its tools for operators, and the way a session is stored.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import importlib.util
import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

BRAND, ACME, SECRET = "acme", "5550001", "lab-oauth2-client-secret-01"
BEGIN = datetime(2026, 11, 20, 9, 15, tzinfo=UTC)
WITHOUT_POLICY = "HARK_DAY_WITHOUT_POLICY"
"""In the environment when one of the versions can read no settings but its own."""
X_BEGAN_MS = 1288834974657
"""From when on the ids of posts count, in their upper bits. Source: X, "X IDs"."""
SESSION = "dana" * 11
WAITING, ANSWERED, SNOOZED, CLOSED, SILENT, NOTED, LATE = range(7)
"""The customers, by what becomes of them in the morning."""


def written(number: int) -> datetime:
    """When a customer's post of that number was written, or ours to them."""
    return BEGIN + timedelta(seconds=number - 30)


def named(customer: int, number: int) -> str:
    """Its id on X."""
    return str((int(written(number).timestamp() * 1000) - X_BEGAN_MS << 22) + customer)


@dataclass
class Clock:
    now: datetime = BEGIN

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Machine:
    """Step Functions: every execution lives, and whatever is asked is noted."""

    asked: list[list[str]] = field(default_factory=list)
    exceptions: Any = field(
        default_factory=lambda: SimpleNamespace(**{
            name: type(name, (Exception,), {})
            for name in ("ExecutionAlreadyExists", "ExecutionDoesNotExist", "TaskDoesNotExist", "TaskTimedOut",
                         "InvalidToken")
        })
    )  # fmt: skip

    def start_execution(self, **given: str) -> None:
        self.asked.append(["start", given["name"], given["input"]])

    def describe_execution(self, **given: str) -> dict[str, str]:
        return {"status": "RUNNING"}

    def send_task_success(self, **given: str) -> None:
        self.asked.append(["well", given["taskToken"], given["output"]])

    def send_task_failure(self, **given: str) -> None:
        self.asked.append(["failed", given["taskToken"], given["error"]])


@dataclass
class Lambda:
    """Calls that nobody waits for are noted, and not made."""

    asked: list[str] = field(default_factory=list)

    def invoke(self, **given: Any) -> None:
        self.asked.append(given["FunctionName"])


@dataclass
class Day:
    call: Callable[[str, dict[str, Any]], Any]
    client: Any
    """Of DynamoDB, with the table `desk` in it."""
    everything: Callable[[], list[dict[str, Any]]]
    """All its items, as the service holds them."""
    clock: Any
    machine: Machine

    # --- what comes from outside ---

    def delivers(self, customer: int, number: int = 0, **more: Any) -> None:
        """A post of a customer, or with `author_id` of ours, is handed in and folded."""
        self.hands_in(json.dumps(self.post(customer, number, **more)).encode())

    def hands_in(self, raw: bytes) -> None:
        """A delivery, signed as X signs."""
        signed = "sha256=" + base64.b64encode(hmac.new(SECRET.encode(), raw, hashlib.sha256).digest()).decode()
        headers = {"x-twitter-webhooks-signature-oauth2": signed}
        answer = self.call("webhook", self.request("POST", "/webhooks/x", raw, headers))
        assert answer["statusCode"] == 200, answer

    def folds(self) -> None:
        """As the stream does."""
        keys = [
            {"pk": item["pk"]["S"], "sk": item["sk"]["S"]}
            for item in self.items("RAW") if item["state"]["S"] == "received"
        ]  # fmt: skip
        if keys:
            self.call("ingest", {"keys": keys})

    def post(self, customer: int, number: int, **more: Any) -> dict[str, Any]:
        post_id, thread = named(customer, number), named(customer, 0)
        payload = {
            "id": post_id, "text": f"@acme {customer} writes {number}", "author_id": f"777000{customer}",
            "created_at": written(number).strftime("%Y-%m-%dT%H:%M:%S.000Z"), "conversation_id": thread,
            "in_reply_to_user_id": ACME,
            "edit_history_tweet_ids": [post_id], "lang": "en", "display_text_range": [0, 30],
            "entities": {"mentions": [{"start": 0, "end": 5, "username": "acme", "id": ACME}]},
        } | ({"in_reply_to_tweet_id": thread} if number else {}) | more  # fmt: skip
        kind = payload.pop("event_type", "post.mention.create")
        users = [{"id": f"777000{customer}", "username": f"kim_{customer}", "name": f"Kim {customer}"}]
        data = {"event_uuid": f"u{post_id}{kind}", "filter": {"user_id": ACME}, "event_type": kind,
                "payload": payload, "includes": {"users": users}}  # fmt: skip
        return {"data": data}

    @staticmethod
    def request(method: str, path: str, body: bytes | str, headers: dict[str, str]) -> dict[str, Any]:
        """An HTTP API event, payload format 2.0."""
        return {
            "version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": "", "headers": headers,
            "cookies": [f"__Host-desk={SESSION}"], "queryStringParameters": {},
            "requestContext": {
                "domainName": "desk.example.com", "stage": "$default", "requestId": "r",
                "http": {"method": method, "path": path, "sourceIp": "192.0.2.1", "userAgent": "t",
                         "protocol": "HTTP/1.1"},
            },
            "pathParameters": dict(zip(("provider", "account"), path.split("/")[2:4], strict=False)),
            "body": base64.b64encode(body).decode() if isinstance(body, bytes) else body,
            "isBase64Encoded": isinstance(body, bytes),
        }  # fmt: skip

    # --- the desk ---

    def asks(self, method: str, path: str, **body: Any) -> Any:
        """Dana's browser. An answer that is none is an error."""
        headers = {"x-desk": "1", "origin": "https://desk.example.com", "content-type": "application/json",
                   "idempotency-key": hashlib.sha256(f"{path}{body}{self.clock()}".encode()).hexdigest()}  # fmt: skip
        event = self.request(method, f"/api/v1/{path}", json.dumps(body) if body else "", headers if body else {})
        answer = self.call("desk_api", event)
        raw = answer["body"]
        assert answer["statusCode"] < 300, (path, answer)
        return json.loads(base64.b64decode(raw)) if answer.get("isBase64Encoded") else json.loads(raw)

    def case(self, customer: int) -> dict[str, Any]:
        """The customer's case as it lies in the table, as plain text."""
        (item,) = (item for item in self.items("CASE") if item["customer_id"]["S"] == f"777000{customer}")
        return {name: next(iter(value.values())) for name, value in item.items()}

    def changes(self, customer: int, **wish: Any) -> None:
        case = self.case(customer)
        self.asks("PATCH", f"conversations/{case['id']}", version=int(case["version"]), **wish)

    def steps(self, function: str, customer: int, **more: Any) -> Any:
        case = self.case(customer)
        return self.call(function, {"brand": BRAND, "case": case["id"], "gen": int(case["gen"]), **more})

    def waits(self, customer: int, wait: str) -> None:
        """The execution begins to wait: its task token lies on the case. As the workflow's own update does it."""
        case = self.case(customer)
        self.client.update_item(
            TableName="desk", Key={"pk": {"S": case["pk"]}, "sk": {"S": "CASE"}},
            UpdateExpression="SET wf_token = :token, wf_wait = :wait",
            ExpressionAttributeValues={":token": {"S": f"token of {customer}"}, ":wait": {"S": wait}},
        )  # fmt: skip

    def items(self, sk: str) -> list[dict[str, Any]]:
        """Items of that sort key, as the service holds them."""
        return sorted((item for item in self.everything() if item["sk"]["S"] == sk), key=lambda item: item["pk"]["S"])

    # --- the two halves ---

    def morning(self) -> dict[str, Any]:
        """Seven customers write. What the steps of the workflow said."""
        for customer in (WAITING, ANSWERED, SNOOZED, CLOSED, SILENT, NOTED):
            self.delivers(customer)
        self.folds()
        said = {}
        for customer in (WAITING, ANSWERED, SNOOZED, CLOSED, SILENT, NOTED):
            for step in ("triage", "assign"):
                said[f"{step} {customer}"] = self.steps(step, customer)
            self.waits(customer, "AwaitAnswer")
        for customer in (WAITING, NOTED):
            self.changes(customer, assignee="me")
        self.changes(SNOOZED, state="snoozed", snoozed_until="2026-11-20T18:00:00.000Z")
        self.changes(CLOSED, state="closed")
        self.asks("POST", f"conversations/{self.case(NOTED)['id']}/notes", text="rang the carrier")
        self.asks("POST", f"conversations/{self.case(NOTED)['id']}/replies", text="We look into it.",
                  seen=int(self.case(NOTED)["talk"]))  # fmt: skip
        for customer in (ANSWERED, SILENT):  # staff answer in the app
            self.delivers(customer, 7, author_id=ACME, event_type="post.create", entities={},
                          text="It lies at your door.", in_reply_to_user_id=f"777000{customer}")  # fmt: skip
        self.folds()
        for customer in (ANSWERED, SILENT):
            self.waits(customer, "AwaitCustomer")
        self.delivers(LATE)  # stored, and not folded when the new code comes
        self.hands_in(b"{")  # what nobody can read
        return said

    def afternoon(self) -> dict[str, Any]:
        """The other version takes it up: sees, folds, answers waiting executions, goes on with their steps."""
        self.clock.now = BEGIN + timedelta(minutes=5)
        self.folds()
        before = [len(self.items(sk)) for sk in ("RAW", "CASE", "MSG")]
        self.clock.now = BEGIN
        for customer in (WAITING, ANSWERED, SNOOZED, CLOSED, SILENT, NOTED, LATE):
            self.delivers(customer)  # the platform tells all of it once more
        self.folds()
        assert [len(self.items(sk)) for sk in ("RAW", "CASE", "MSG")] == before, "each was known"
        self.clock.now = BEGIN + timedelta(minutes=30)
        seen = {row["id"] for row in self.asks("GET", "queue")["items"]}
        assert seen >= {self.case(customer)["id"] for customer in (WAITING, NOTED, LATE)}
        for customer in (WAITING, ANSWERED, SNOOZED, CLOSED, SILENT, NOTED, LATE):
            shown = self.asks("GET", f"conversations/{self.case(customer)['id']}")
            assert f"{customer} writes 0" in json.dumps(shown["messages"])
        self.changes(WAITING, state="closed")
        self.changes(SNOOZED, state="open")
        self.delivers(ANSWERED, 8, text="@acme and when?")
        self.delivers(CLOSED, 8, text="@acme once more")
        self.folds()
        said = {}
        self.clock.now = BEGIN + timedelta(hours=2)
        said["remind"] = self.steps("remind", LATE, deadline="2026-11-20T10:14:30.000Z")
        self.clock.now = BEGIN + timedelta(days=2)
        said["ask"] = self.steps("follow_up", SILENT, step="ask")
        self.clock.now = BEGIN + timedelta(days=9)
        said["close"] = self.steps("follow_up", SILENT, step="close")
        self.call("sweep", {})
        return {
            "steps": said, "machine": sorted(self.machine.asked),
            "cases": {
                str(customer): {name: self.case(customer)[name] for name in KEPT}
                for customer in (WAITING, ANSWERED, SNOOZED, CLOSED, SILENT, NOTED, LATE)
            },
            "messages": len(self.items("MSG")),
        }  # fmt: skip


KEPT = ("id", "status", "awaiting", "owner", "gen", "unread", "talk", "workflow", "close_reason", "reply_state")
"""What both versions have to agree on."""


def dumped(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The table, fit for a file."""
    return sorted((_written(item) for item in items), key=lambda item: (item["pk"]["S"], item["sk"]["S"]))


def filled(client: Any, items: list[dict[str, Any]], dump: list[dict[str, Any]]) -> None:
    """Let the table with these items be as it was dumped."""
    for item in items:
        client.delete_item(TableName="desk", Key={"pk": item["pk"], "sk": item["sk"]})
    for item in dump:
        client.put_item(TableName="desk", Item=_read(item))


def _written(item: dict[str, Any]) -> dict[str, Any]:
    def value(said: dict[str, Any]) -> dict[str, Any]:
        ((kind, held),) = said.items()
        return {kind: base64.b64encode(held).decode() if kind == "B" else sorted(held) if kind == "SS" else held}

    return {name: value(said) for name, said in sorted(item.items())}


def _read(item: dict[str, Any]) -> dict[str, Any]:
    return {name: {"B": base64.b64decode(said["B"])} if "B" in said else said for name, said in item.items()}


def people(table: Any) -> None:
    """The account, and who works here. Dana has signed in."""
    from hark import operator
    from hark.domain.account import Account
    from hark.domain.policy import Policy
    from hark.store.people import People

    account = Account(provider="x", id=ACME, brand=BRAND, platform="x", handle="acme", name="Acme")
    operator.connect(table, "/hark/test", account, {"oauth2_client_secret": SECRET, "consumer_key": "k"})
    for member in ("dana", "eve"):
        operator.enrol(table, member, BRAND, f"{member}@example.com", member.title(), "agent")
    expires = int((BEGIN + timedelta(days=30)).timestamp())
    People(table).open_session(SESSION, BRAND, "dana", expires, at="2026-11-20T09:00:00.000Z")
    if WITHOUT_POLICY not in os.environ:
        People(table).save_policy(BRAND, Policy(name="Acme"))


ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1",
    "TABLE_NAME": "desk", "SECRETS_PATH": "/hark/test", "BRAND": BRAND, "EVENT_BUS": "hark", "DESK_ORIGIN": "",
    "DESK_ADDRESS": "https://desk.example.com", "MEDIA_BUCKET": "hark-media", "MEDIA_DAYS": "90",
    "INGEST_FUNCTION": "ingest", "SEND_REPLY_FUNCTION": "send_reply", "SEND_LEASE_SECONDS": "90",
    "SEND_SETTLE_SECONDS": "60", "PROVIDER_ENDPOINTS": "x=http://127.0.0.1:9", "SIGN_IN_URL": "http://127.0.0.1:9",
    "POWERTOOLS_DEV": "false",
    "STATE_MACHINE_ARN": "arn:aws:states:us-east-1:123456789012:stateMachine:cases",
}  # fmt: skip


class Context:
    """What Lambda hands to a handler."""

    function_name, memory_limit_in_mb = "test", 512
    invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:test"
    aws_request_id = "00000000-0000-0000-0000-000000000000"

    def get_remaining_time_in_millis(self) -> int:
        return 50_000


def main(root: Path, half: str, dump: Path, outcome: Path | None) -> None:
    """One half of the day, with the code that lies in `root`."""
    os.environ.update(ENVIRONMENT, FRONTEND_PATH=str(root / "frontend"))
    from hark import aws, wiring
    from moto import mock_aws

    from infra.expand import read

    assert Path(str(wiring.__file__)).is_relative_to(root), "another version's code is on the path"
    made: dict[str, Any] = {}

    def call(function: str, event: dict[str, Any]) -> Any:
        if function not in made:
            spec = importlib.util.spec_from_file_location(function, root / "functions" / function / "handler.py")
            assert spec and spec.loader
            made[function] = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(made[function])
        return made[function].handler(event, Context())

    machine, clock, calls = Machine(), Clock(), Lambda()
    wiring.clock = clock
    for name, stands_in in (("stepfunctions", machine), ("lambda_", calls)):
        setattr(aws, name, lambda stands_in=stands_in: stands_in)
    properties = read()["Resources"]["DeskTable"]["Properties"]
    names = ("BillingMode", "KeySchema", "AttributeDefinitions", "GlobalSecondaryIndexes")
    with mock_aws():
        client = aws.dynamodb()
        client.create_table(TableName="desk", **{name: properties[name] for name in names})
        people(wiring.table())
        day = Day(call, client, lambda: list(client.scan(TableName="desk")["Items"]), clock, machine)
        if half == "morning":
            said = {"steps": day.morning(), "items": dumped(day.everything()), "machine": sorted(machine.asked)}
            dump.write_text(json.dumps(said, indent=1, sort_keys=True, ensure_ascii=False) + "\n")
        else:
            assert outcome
            filled(client, day.everything(), json.loads(dump.read_text())["items"])
            outcome.write_text(json.dumps(day.afternoon(), indent=1, sort_keys=True))


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]) if sys.argv[4:] else None)
