"""Streams, schedules, the web port: what the template relies on besides the workflow."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from infra.expand import expand
from infra.local.engine import HOST, Engine, PortTaken, free_port, require_free
from infra.local.http_api import expand_bodies
from infra.local.stack import client
from infra.local.tests.conftest import Deploy, until
from infra.local.web import MAX_BODY_BYTES, Throttle

TELL = """
import boto3, json
def handler(event, context):
    boto3.client("sqs").send_message(QueueUrl="{url}", MessageBody=json.dumps(event))
"""
ECHO = """
import json
def handler(event, context):
    return {"statusCode": 200, "cookies": ["a=1", "b=2"], "body": json.dumps(event)}
"""


class Told:
    """A queue that a function tells what it was called with."""

    def __init__(self, deploy: Deploy) -> None:
        self.url = client("sqs").create_queue(QueueName=f"q-{uuid4().hex[:12]}")["QueueUrl"]
        self.function = deploy(TELL.format(url=self.url))

    def next(self) -> Any:
        """The next event, within the test's patience."""

        def receive() -> list[dict[str, Any]]:
            messages: list[dict[str, Any]] = client("sqs").receive_message(QueueUrl=self.url).get("Messages", [])
            return messages

        [message] = until(receive)
        client("sqs").delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
        return json.loads(message["Body"])


def filters(function: str) -> dict[str, Any]:
    """The stream filters of one of the template's functions."""
    mappings = [
        r["Properties"]
        for r in expand()["Resources"].values()
        if r["Type"] == "AWS::Lambda::EventSourceMapping" and r["Properties"]["FunctionName"] == {"Ref": function}
    ]
    [mapping] = mappings
    found: dict[str, Any] = mapping["FilterCriteria"]
    return found


def sort_keys(told: Told, table: str, function: str, items: list[dict[str, str]], wanted: int) -> list[str]:
    """Sort keys of the items that get through the template's filter for a function, of those written."""
    stream = client("dynamodb").describe_table(TableName=table)["Table"]["LatestStreamArn"]
    client("lambda").create_event_source_mapping(
        EventSourceArn=stream,
        FunctionName=told.function,
        StartingPosition="TRIM_HORIZON",
        FilterCriteria=filters(function),
    )
    for item in items:
        typed = {key: {"N" if value.isdigit() else "S": value} for key, value in item.items()}
        client("dynamodb").put_item(TableName=table, Item=typed)
    seen: list[str] = []
    while len(seen) < wanted:
        seen += [f"{r['eventName']} {r['dynamodb']['Keys']['sk']['S']}" for r in told.next()["Records"]]
    return seen


def test_relay_hears_of_new_replies_and_history_lines_only(deploy: Deploy, table: str) -> None:
    items = [
        {"pk": "a", "sk": "CASE"},
        {"pk": "a", "sk": "OUT#1"},
        {"pk": "a", "sk": "OUT#1", "state": "sent"},
        {"pk": "a", "sk": "XOUT#"},
        {"pk": "a", "sk": "EVT#1"},
    ]
    assert sort_keys(Told(deploy), table, "RelayFunction", items, 2) == ["INSERT OUT#1", "INSERT EVT#1"]


def test_ingest_hears_of_received_deliveries_new_or_again_and_of_no_failed_try(deploy: Deploy, table: str) -> None:
    items = [
        {"pk": "a", "sk": "RAW", "state": "received", "tries": "0"},
        {"pk": "a", "sk": "RAW", "state": "done", "tries": "0"},
        {"pk": "a", "sk": "RAW", "state": "received", "tries": "0"},
        {"pk": "b", "sk": "MSG", "state": "received", "tries": "0"},
        {"pk": "b", "sk": "RAW", "state": "received", "tries": "1"},
        {"pk": "c", "sk": "RAW", "state": "received", "tries": "0"},
    ]
    heard = sort_keys(Told(deploy), table, "IngestFunction", items, 3)
    assert heard == ["INSERT RAW", "MODIFY RAW", "INSERT RAW"]


def test_a_schedules_input_reaches_the_function(deploy: Deploy, monkeypatch: pytest.MonkeyPatch) -> None:
    from ministack.services import scheduler

    told = Told(deploy)
    client("scheduler").create_schedule(
        Name=f"s-{uuid4().hex[:12]}",
        ScheduleExpression="rate(1 minute)",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": told.function, "RoleArn": "arn:aws:iam::000000000000:role/any", "Input": '{"provider": "x"}'},
    )
    soon = time.time() + 61
    monkeypatch.setattr(scheduler.time, "time", lambda: soon)
    scheduler._tick_schedules()
    monkeypatch.undo()
    assert told.next() == {"provider": "x"}


# --- the web port -------------------------------------------------------------------------------


@pytest.fixture
def api(engine: Engine, deploy: Deploy) -> Iterator[int]:
    """The web port serving one route to a function that answers with its event."""
    gateway = client("apigatewayv2")
    made = gateway.create_api(Name="api", ProtocolType="HTTP")["ApiId"]
    integration = gateway.create_integration(
        ApiId=made, IntegrationType="AWS_PROXY", IntegrationUri=deploy(ECHO), PayloadFormatVersion="2.0"
    )["IntegrationId"]
    gateway.create_route(ApiId=made, RouteKey="ANY /in/{what}", Target=f"integrations/{integration}")
    gateway.create_stage(ApiId=made, StageName="$default", AutoDeploy=True)
    limits = {"ThrottlingRateLimit": "0.001", "ThrottlingBurstLimit": "5"}
    engine.web.serve_api(made, {"DefaultRouteSettings": limits})
    yield engine.web_port
    engine.web.stop()


def ask(port: int, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> tuple[int, Any, bytes]:
    connection = http.client.HTTPConnection(HOST, port, timeout=30)
    try:
        connection.request("POST", path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def test_the_function_gets_query_body_and_headers_as_they_were_sent(api: int) -> None:
    raw = '{"text": "grüß dich 👋"}'.encode()
    status, headers, body = ask(
        api,
        "/in/a%20b?crc_token=a%20b+c%2F%3D&x&x=2",
        raw,
        {"Content-Type": "application/json", "X-Odd": "Ä", "Cookie": "s=1; t=2"},
    )
    event = json.loads(body)
    assert status == 200
    assert event["rawQueryString"] == "crc_token=a%20b+c%2F%3D&x&x=2"
    assert event["body"].encode() == raw
    assert event["isBase64Encoded"] is False
    assert event["pathParameters"] == {"what": "a b"}
    assert event["headers"]["content-type"] == "application/json"
    assert event["cookies"] == ["s=1", "t=2"]
    assert "cookie" not in event["headers"]
    assert headers.get_all("set-cookie") == ["a=1", "b=2"]


def test_a_function_is_asked_about_options_too_as_the_api_has_no_cors_settings(api: int) -> None:
    connection = http.client.HTTPConnection(HOST, api, timeout=30)
    connection.request("OPTIONS", "/in/a")
    answer = connection.getresponse()
    assert answer.status == 200
    assert json.loads(answer.read())["requestContext"]["http"]["method"] == "OPTIONS"
    connection.close()


def test_bytes_that_are_no_text_arrive_in_base64(api: int) -> None:
    event = json.loads(ask(api, "/in/a", b"\xff\x00", {"Content-Type": "application/octet-stream"})[2])
    assert (event["isBase64Encoded"], event["body"]) == (True, "/wA=")


def test_the_gateway_answers_by_itself_what_never_reaches_a_function(api: int) -> None:
    assert ask(api, "/elsewhere")[0] == 404
    assert ask(api, "/in/a", b"x" * (MAX_BODY_BYTES + 1))[0] == 413
    assert ask(api, "/in/a", headers={"X-Long": "x" * 11_000})[0] == 431


def test_a_route_over_its_limit_answers_429(api: int) -> None:
    assert [ask(api, "/elsewhere")[0] for _ in range(7)] == [404] * 5 + [429] * 2


def test_a_throttle_lets_through_its_burst_and_then_its_rate() -> None:
    now = [0.0]
    throttle = Throttle(rate=2, burst=3, clock=lambda: now[0])
    assert [throttle.take() for _ in range(4)] == [True, True, True, False]
    now[0] = 0.5
    assert [throttle.take() for _ in range(2)] == [True, False]


def test_a_taken_port_is_refused_before_anything_starts(engine: Engine) -> None:
    with pytest.raises(PortTaken, match="choose another"):
        require_free(engine.port, "a test")
    require_free(free_port(), "a test")


def test_every_route_of_the_template_becomes_a_route() -> None:
    template = expand()
    expand_bodies(template)
    routes = [r["Properties"]["RouteKey"] for r in template["Resources"].values() if r["Type"].endswith("V2::Route")]
    assert sorted(routes) == sorted(
        [
            "ANY /webhooks/{provider}",
            "ANY /webhooks/{provider}/{account}",
            "GET /",
            "GET /a/{file+}",
            "ANY /auth/{step}",
            "ANY /s/{token}",
            "ANY /api/v1/{route+}",
        ]
    )


def test_a_connection_that_was_idle_for_a_while_still_takes_requests(engine: Engine) -> None:
    """A client learns too late that its idle connection is closed: that request fails, or is never answered."""
    connection = http.client.HTTPConnection(HOST, engine.port, timeout=5)
    for seconds in (5.5, 0):
        connection.request("GET", "/_ministack/health")
        assert connection.getresponse().read()
        held = connection.sock
        time.sleep(seconds)
    assert connection.sock is held
    connection.close()
