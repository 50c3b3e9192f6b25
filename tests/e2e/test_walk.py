"""The whole walk on the local cloud: from a post on the fake X to an answered, followed-up, closed case."""

from __future__ import annotations

import base64
import json
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from tests.e2e.cloud import Desk, LocalCloud, until

VECTOR_BODY = '{"data":{"event_uuid":"-42","event_type":"dm.received","payload":{"text":"Grüße 👋 \\/ok"}}}'.encode()
OAUTH2, LEGACY = "X-Twitter-Webhooks-Signature-OAuth2", "X-Twitter-Webhooks-Signature"
S1 = "sha256=6SRAGdC2cHUvdK6vQcBo1Yl/ZDylZFeqiXahjpqxZ/U="
S2 = "sha256=9y31LY/lZBoDICka3Okiznolr+vDLuwZRePzBO199Ho="
S3 = "sha256=/bGut52SbWYjgwzceyeJML/BbCvWjmxYtbqbGEXPUhk="
S4 = "sha256=i56Li52QwQzdFlpvEKK8946eRqulShaalnwO5aCYEoM="
IN_THE_QUEUE_SECONDS = 3.0


@pytest.fixture(scope="module")
def dana(cloud: LocalCloud) -> Desk:
    return cloud.signed_in("dana")


@pytest.fixture(autouse=True)
def well_behaved(cloud: LocalCloud) -> Iterator[None]:
    yield
    cloud.x("DELETE", "faults")
    cloud.x("POST", "habits", {"silent": False, "duplicate": 0})


def customer(cloud: LocalCloud) -> str:
    name = f"kim_{uuid.uuid4().hex[:8]}"
    cloud.x("POST", "users", {"username": name, "name": "Kim L"})
    return name


def say(cloud: LocalCloud, author: str, text: str, **more: Any) -> dict[str, Any]:
    post: dict[str, Any] = cloud.x("POST", "posts", {"author": author, "text": text, **more})
    return post


def rows_of(desk: Desk, handle: str, view: str = "open") -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = desk.get("/api/v1/queue", view=view, limit="100", **cursor).json()
        rows += [row for row in page["items"] if row["handle"] == handle]
        if not page["next"]:
            return rows
        cursor = {"cursor": page["next"]}


def in_queue(desk: Desk, handle: str, view: str = "open", seconds: float = 20) -> dict[str, Any]:
    return until(lambda: next(iter(rows_of(desk, handle, view)), None), seconds, 0.05)


def look(desk: Desk, case_id: str) -> dict[str, Any]:
    answer = desk.get(f"/api/v1/conversations/{case_id}")
    assert answer.status_code == 200, answer.text
    shape: dict[str, Any] = answer.json()
    return shape


def key() -> str:
    return uuid.uuid4().hex


def answer_as(desk: Desk, case_id: str, text: str) -> dict[str, Any]:
    case = look(desk, case_id)["case"]
    claimed = desk.send("PATCH", f"/api/v1/conversations/{case_id}",
                        {"version": case["version"], "assignee": "me"}, idempotency_key=key())  # fmt: skip
    assert claimed.status_code == 200, claimed.text
    sent = desk.send("POST", f"/api/v1/conversations/{case_id}/replies",
                     {"text": text, "seen": case["talk"]}, idempotency_key=key())  # fmt: skip
    assert sent.status_code == 202, sent.text
    written: dict[str, Any] = sent.json()
    return written


def posted(cloud: LocalCloud, text: str) -> list[dict[str, Any]]:
    return [post for post in cloud.x("GET", "replies") if post["text"] == text]


# --- the vectors of X's contract, over HTTP -----------------------------------------------------


@pytest.mark.parametrize(
    ("query", "token"),
    [
        ("crc_token=N2Zk-crc_9f31", "sha256=vkAu4/MAx015ZMnNvO18v2YUQlP/5rxqOGtXkTaKVH0="),
        ("crc_token=a%2Bb%3Dc%2Fd", "sha256=FHYBEc7cmUY/65OYcnLrnR5hB+NGZyQrRztULxNEvHo="),
        ("crc_token=a+b%3Dc%2Fd", "sha256=ZslSpLdkSpGo0LblZz6Z2xnM34oPk+AYDbBjmCG3kxo="),
    ],
    ids=["C1", "C3", "C4"],
)
def test_vectors_c1_c3_c4(cloud: LocalCloud, query: str, token: str) -> None:
    answer = requests.get(f"{cloud.desk}/webhooks/x?{query}", timeout=10)
    assert (answer.status_code, answer.json()) == (200, {"response_token": token})
    assert answer.headers["content-type"] == "application/json"


def test_vector_c2_of_an_app_that_has_only_a_consumer_secret(cloud: LocalCloud) -> None:
    ssm, name = cloud.client("ssm"), f"{cloud.outputs['SecretsPath']}/x/app"
    kept = ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"]
    only = {k: v for k, v in json.loads(kept).items() if not k.startswith("oauth2")}
    try:
        ssm.put_parameter(Name=name, Value=json.dumps(only), Type="SecureString", Overwrite=True)
        said = cloud.fresh("WebhookFunction", "GET", "/webhooks/x", query="crc_token=N2Zk-crc_9f31")
    finally:
        ssm.put_parameter(Name=name, Value=kept, Type="SecureString", Overwrite=True)
    token = "sha256=ysInqETAoHdK+GAfXBrnNLohtay1IOcCx79SCbhmJQM="
    assert (said["statusCode"], json.loads(said["body"])) == (200, {"response_token": token})


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({OAUTH2: S1}, 200),
        ({LEGACY: S2}, 200),
        ({OAUTH2: S3}, 401),
        ({OAUTH2: S4}, 401),
        ({LEGACY: S2, OAUTH2: S4}, 401),
    ],
    ids=["S1", "S2", "S3", "S4", "S5"],
)
def test_vectors_s1_to_s5(cloud: LocalCloud, headers: dict[str, str], status: int) -> None:
    answer = requests.post(f"{cloud.desk}/webhooks/x", VECTOR_BODY, headers=headers, timeout=10)
    assert (answer.status_code, answer.text) == (status, "")


@pytest.mark.parametrize(
    "asked",
    [
        {"url": "/webhooks/x", "headers": {"x-filler": "f" * 70_000}},
        {"url": "/webhooks/x", "headers": {f"x-filler-{n}": "f" * 60 for n in range(1_000)}},
        {"url": "/" + "p" * 80_000, "headers": {}},
    ],
    ids=["headers of 70 KB", "1,000 headers", "a path of 80 KB"],
)
def test_h24_what_no_gateway_takes_is_refused_before_any_function(cloud: LocalCloud, asked: dict[str, Any]) -> None:
    answer = requests.get(cloud.desk + asked["url"], headers=asked["headers"], timeout=10)
    assert 400 <= answer.status_code < 500


# --- the walk ------------------------------------------------------------------------------------


def test_a_mention_is_in_the_queue_within_three_seconds(cloud: LocalCloud, dana: Desk) -> None:
    in_queue(dana, say(cloud, customer(cloud), "@acme warm up, where is it?")["author"])  # functions are warm now
    kim = customer(cloud)
    begun = time.monotonic()
    say(cloud, kim, "@acme my parcel 4711 is late, where is it?")
    in_queue(dana, kim)
    assert time.monotonic() - begun < IN_THE_QUEUE_SECONDS


def test_the_reply_is_on_x_once_under_the_right_post_and_the_case_is_followed_up_and_closed(
    hurried: LocalCloud, dana: Desk
) -> None:
    kim = customer(hurried)
    post = say(hurried, kim, "@acme my parcel 4711 is late, where is it?")
    case_id = in_queue(dana, kim)["id"]
    text = f"It comes tomorrow. ^DO {key()[:6]}"
    answer_as(dana, case_id, text)
    until(lambda: look(dana, case_id)["case"]["status"] == "closed", 40)
    seen = look(dana, case_id)
    (reply,) = posted(hurried, text)
    assert reply["in_reply_to"] == post["id"]
    codes = [line["code"] for line in seen["history"]]
    for code in ("reply.sent", "follow_up.asked", "case.closed.silence"):
        assert codes.count(code) == 1 or (code == "reply.sent" and "reply.seen" in codes), codes
    assert [m["text"] for m in seen["messages"]] == [post["text"], text]
    executions = hurried.client("stepfunctions").list_executions(stateMachineArn=hurried.outputs["WorkflowArn"])
    mine = [e for e in executions["executions"] if e["name"].startswith(case_id)]
    assert len(mine) == 1
    until(lambda: status_of(hurried, mine[0]["executionArn"]) == "SUCCEEDED")


def status_of(cloud: LocalCloud, execution: str) -> str:
    return str(cloud.client("stepfunctions").describe_execution(executionArn=execution)["status"])


def test_a_case_nobody_answers_is_reminded_and_escalated_each_level_once(hurried: LocalCloud, dana: Desk) -> None:
    kim = customer(hurried)
    say(hurried, kim, "@acme is anybody there?")
    case_id = in_queue(dana, kim)["id"]
    until(lambda: look(dana, case_id)["case"]["escalation"] == "lead", 40)
    codes = [line["code"] for line in look(dana, case_id)["history"]]
    first_round = [code for code in codes if code.startswith("remind.")][:3]
    assert first_round == ["remind.owner", "remind.team", "remind.lead"]


def test_a_case_answered_in_time_and_followed_up_takes_eight_transitions(cloud: LocalCloud, dana: Desk) -> None:
    cloud.set_policy(follow_up_seconds=2, silence_closes_seconds=2)
    try:
        kim = customer(cloud)
        say(cloud, kim, "@acme how much is postage?")
        case_id = in_queue(dana, kim)["id"]
        answer_as(dana, case_id, f"Four euros. ^DO {key()[:6]}")
        until(lambda: look(dana, case_id)["case"]["status"] == "closed", 40)
    finally:
        cloud.set_policy()
    client = cloud.client("stepfunctions")
    arn = cloud.outputs["WorkflowArn"].replace(":stateMachine:", ":execution:") + f":{case_id}-g1"
    until(lambda: status_of(cloud, arn) == "SUCCEEDED")
    events = client.get_execution_history(executionArn=arn, maxResults=1000)["events"]
    entered = [e["stateEnteredEventDetails"]["name"] for e in events if e["type"].endswith("StateEntered")]
    assert entered == [
        "Triage", "Wanted", "Assign", "AwaitAnswer", "AwaitCustomer", "FollowUp", "AwaitSolved", "Close",
    ]  # fmt: skip


def test_the_same_delivery_five_times_at_once_makes_one_case(cloud: LocalCloud, dana: Desk) -> None:
    kim = customer(cloud)
    post = say(cloud, kim, "@acme five times?", silent=True)
    body = {
        "data": {
            "event_uuid": post["id"], "filter": {"user_id": "5550001"}, "event_type": "post.mention.create",
            "payload": {
                "id": post["id"], "text": post["text"], "author_id": post["author_id"], "created_at": post["at"],
                "conversation_id": post["id"], "edit_history_tweet_ids": [post["id"]],
            },
            "includes": {"users": [{"id": post["author_id"], "username": kim, "name": "Kim L"}]},
        }
    }  # fmt: skip
    raw = base64.b64encode(json.dumps(body).encode()).decode()
    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(lambda _: cloud.x("POST", "deliver", {"body_base64": raw}), range(5)))
    assert [a["status"] for a in answers] == [200] * 5
    row = in_queue(dana, kim)
    time.sleep(2)
    assert len(rows_of(dana, kim)) == 1
    seen = look(dana, row["id"])
    assert len(seen["messages"]) == 1 and seen["case"]["unread"] == 1


def test_a_post_that_webhook_and_poll_both_find_is_one_case(cloud: LocalCloud, dana: Desk) -> None:
    kim = customer(cloud)
    say(cloud, kim, "@acme do you also poll?")
    row = in_queue(dana, kim)
    found = cloud.invoke("PollFunction", {"provider": "x"})["poll"]
    assert found["accounts"] == 1 and found["found"] >= 1
    time.sleep(1)
    assert [r["id"] for r in rows_of(dana, kim)] == [row["id"]]
    assert look(dana, row["id"])["case"]["unread"] == 1


def test_i8_a_post_the_webhook_never_brought_is_found_by_the_poll(cloud: LocalCloud, dana: Desk) -> None:
    kim = customer(cloud)
    say(cloud, kim, "@acme can you hear me without a webhook?", silent=True)
    assert rows_of(dana, kim) == []
    assert cloud.invoke("PollFunction", {"provider": "x"})["poll"]["new"] >= 1
    in_queue(dana, kim)


def test_a_doubtful_send_is_read_back_and_never_repeated(cloud: LocalCloud, dana: Desk) -> None:
    kim = customer(cloud)
    say(cloud, kim, "@acme will this be answered twice?")
    case_id = in_queue(dana, kim)["id"]
    cloud.x("POST", "faults", {"on": "send", "answer": "reset", "effect": True})
    text = f"Never twice. ^DO {key()[:6]}"
    answer_as(dana, case_id, text)
    until(lambda: cloud.invoke("SweepFunction") and look(dana, case_id)["case"]["reply_state"] == "sent", 40, 0.5)
    assert len(posted(cloud, text)) == 1
    assert look(dana, case_id)["case"]["awaiting"] == "them"


def test_two_agents_who_take_one_case_at_once_leave_one_owner(cloud: LocalCloud, dana: Desk) -> None:
    kim, oleg = customer(cloud), cloud.signed_in("oleg")
    say(cloud, kim, "@acme who takes me?")
    row = in_queue(dana, kim)
    until(lambda: look(dana, row["id"])["case"]["owner"])
    version = look(dana, row["id"])["case"]["version"]
    wish = {"version": version, "assignee": "me"}
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(
            lambda desk: desk.send("PATCH", f"/api/v1/conversations/{row['id']}", wish, idempotency_key=key()),
            (dana, oleg),
        ))  # fmt: skip
    statuses = sorted(a.status_code for a in answers)
    now = look(dana, row["id"])["case"]
    if statuses == [200, 200]:
        # The owner asked for what was so already; then the other took the case.
        assert now["version"] == version + 1
    else:
        assert statuses == [200, 409]
        winner = next(d for d, a in zip((dana, oleg), answers, strict=True) if a.status_code == 200)
        assert now["owner"]["id"] == winner.get("/api/v1/me").json()["agent"]["id"]
