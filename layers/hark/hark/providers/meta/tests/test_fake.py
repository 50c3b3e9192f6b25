"""The fake Meta keeps Meta's word: signatures, batches, windows, limits, refusals, echoes and planned misbehaviour."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import urllib3
from hypothesis import given, settings
from hypothesis import strategies as st

from hark.domain.account import Account
from hark.providers.contract import ChallengeRefused, Request, SignatureRefused
from hark.providers.meta import door
from hark.providers.meta.fake import ACCOUNTS, SECRETS, Fake
from hark.providers.meta.fake.errors import GraphError
from hark.providers.meta.fake.fields import parse
from hark.providers.meta.fake.webhooks import as_bytes, signature, signed_request
from hark.providers.meta.graph import proof
from hark.testkit.http_server import Answer, Call, HttpServer

from . import signing

PAGE, INSTAGRAM = (account["id"] for account in ACCOUNTS)
SECRET = SECRETS[PAGE]["app_secret"]


@dataclass
class Receiver:
    """A webhook with the real door. `answers` are given first, one each; afterwards 200."""

    bodies: list[bytes] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    asked: list[Any] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    def answer(self, call: Call) -> Answer:
        path = call.path.removeprefix("/webhooks/meta").removeprefix("/")
        request = Request(call.method, call.headers, call.query, call.body, path)
        try:
            if call.method == "GET":
                given = door.challenge(request, SECRETS[PAGE])
                return Answer(given.status, given.body.encode(), {"Content-Type": given.content_type})
            door.verify(request, SECRETS[PAGE])
        except ChallengeRefused as refused:
            return Answer(refused.status)
        except SignatureRefused as refused:
            self.refused.append(refused.metric)
            return Answer(401)
        if path:
            events = door.split(request)
            self.asked += [json.loads(event.body) for event in events]
            told = door.reply(request, events, None)
            return Answer(200, told.body.encode() if told else b"")
        self.bodies.append(call.body)
        return Answer(self.answers.pop(0) if self.answers else 200)

    @property
    def entries(self) -> list[Any]:
        return [entry for body in self.bodies for entry in json.loads(body)["entry"]]

    @property
    def changes(self) -> list[Any]:
        return [change for entry in self.entries for change in entry.get("changes", [])]

    @property
    def messaging(self) -> list[Any]:
        return [item for entry in self.entries for item in entry.get("messaging", [])]


class Time:
    """A clock a test can move; real time goes on underneath."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead

    def pass_by(self, **span: float) -> None:
        self.ahead += timedelta(**span).total_seconds()


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def clock() -> Time:
    return Time()


@pytest.fixture
def meta(receiver: Receiver, clock: Time) -> Iterator[Fake]:
    """A fake Meta that delivers to `receiver`; ana is on it."""
    server = HttpServer(receiver.answer, 0, "webhook").start()
    with Fake(webhook_url=f"{server.url}/webhooks/meta", clock=clock) as fake:
        fake.world.add_person("ana", "Ana Pop")
        yield fake
    server.stop()


def eventually(holds: Callable[[], bool], seconds: float = 8) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.01)


def control(meta: Fake, call: str, method: str = "POST", /, expected: int = 0, **given: Any) -> Any:
    body = json.dumps(given).encode() if method == "POST" else None
    headers = {"content-type": "application/json"}
    answer = urllib3.request(method, f"{meta.url}/_fake/{call}", body=body, headers=headers, timeout=10)
    assert answer.status == expected if expected else answer.status < 300, answer.data
    return answer.json()


def say(meta: Fake, platform: str, surface: str, text: str = "hello", by: str = "ana", **more: Any) -> str:
    return str(control(meta, "say", platform=platform, surface=surface, by=by, text=text, **more)["id"])


def graph(
    meta: Fake, method: str, path: str, body: Any = None, account: str = PAGE, proved: bool = True, **params: str
) -> Any:
    token = SECRETS[account]["access_token"]
    at = int(time.time())
    signed = {"appsecret_proof": proof(SECRET, token, at), "appsecret_time": str(at)} if proved else {}
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    return urllib3.request(
        method, f"{meta.url}{path}", fields={**params, **signed} if method in ("GET", "DELETE") else None,
        body=json.dumps({**(body or {}), **signed}) if method == "POST" else None, headers=headers, timeout=10,
        retries=False,
    )  # fmt: skip


def ok(meta: Fake, method: str, path: str, body: Any = None, account: str = PAGE, **params: Any) -> Any:
    answer = graph(meta, method, path, body, account, **params)
    assert answer.status == 200, answer.data
    return answer.json()


def refusal(meta: Fake, method: str, path: str, body: Any = None, account: str = PAGE, **params: Any) -> Any:
    answer = graph(meta, method, path, body, account, **params)
    error = answer.json()["error"]
    assert answer.status == 400 and {"message", "type", "fbtrace_id", "is_transient"} <= set(error)
    return error["code"], error.get("error_subcode", 0)


def dm(meta: Fake, text: str = "hi", account: str = PAGE, to: str = "", **more: Any) -> tuple[str, str, Any]:
    if not to:
        person = meta.world.person("ana")
        to = person.psid if account == PAGE else person.igsid
    kind = {"messaging_type": "RESPONSE"} if account == PAGE else {}
    return "POST", f"/v26.0/{account}/messages", {"recipient": {"id": to}, **kind, "message": {"text": text}, **more}


HUMAN = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}


# --- what is played ------------------------------------------------------------------------------


def test_the_accounts_are_accounts_of_the_desk_and_their_secrets_are_those_the_door_names() -> None:
    accounts = [Account(brand="b", **account) for account in ACCOUNTS]
    assert [a.linked for a in accounts] == [accounts[1].id, accounts[0].id]
    assert accounts[0].carries("messenger") and accounts[1].carries("instagram")
    assert all(set(values) <= set(door.FIELDS) for values in SECRETS.values()) and set(SECRETS) == {PAGE, INSTAGRAM}


def test_one_person_has_unlike_ids_everywhere(meta: Fake) -> None:
    person = control(meta, "users", username="ben", name="Ben Ito")
    ids = [person[name] for name in ("page_user_id", "psid", "igsid", "app_user_id")]
    assert len(set(ids)) == 4 and person["id"] == person["page_user_id"]
    control(meta, "users", expected=409, username="ben")
    control(meta, "users", expected=409, username="acme")


# --- signatures and delivery ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "digest"),
    [(signing.A, signing.DIGEST_A), (signing.B, signing.DIGEST_B), (signing.C, signing.DIGEST_C)],
)
def test_the_fake_writes_and_signs_the_very_bytes_of_the_test_vectors(body: bytes, digest: str) -> None:
    assert as_bytes(json.loads(body)) == body
    assert signature(signing.SECRET, body) == f"sha256={digest}"


def test_the_fake_makes_the_signed_request_of_the_test_vector() -> None:
    asked = {"user_id": "218471", "algorithm": "HMAC-SHA256", "issued_at": 1795219200}
    assert signed_request(signing.SECRET, asked) == signing.D


@given(st.text(max_size=60))
@settings(max_examples=50)
def test_any_text_survives_the_escapes_and_nothing_but_ascii_goes_out(text: str) -> None:
    sent = as_bytes({"text": text})
    assert json.loads(sent) == {"text": text}
    assert sent.isascii() and b"/" not in sent.replace(rb"\/", b"")


def test_a_comment_arrives_signed_with_its_link_escaped(meta: Fake, receiver: Receiver) -> None:
    made = say(meta, "facebook", "comment", "café 😀 https://shop.example/x")
    eventually(lambda: len(receiver.bodies) == 1)
    assert rb"caf\u00e9 \ud83d\ude00 https:\/\/shop.example\/x" in receiver.bodies[0]
    (change,) = receiver.changes
    assert (change["field"], change["value"]["item"], change["value"]["verb"]) == ("feed", "comment", "add")
    assert change["value"]["comment_id"] == made
    assert change["value"]["from"] == {"id": meta.world.person("ana").page_user_id, "name": "Ana Pop"}
    assert receiver.refused == []


def test_the_verification_passes_with_the_right_token_only(meta: Fake) -> None:
    assert control(meta, "verify")["passed"] is True
    wrong = control(meta, "verify", token="another")
    assert (wrong["passed"], wrong["status"]) == (False, 403)


def test_many_things_share_one_delivery_when_batches_are_a_habit(meta: Fake, receiver: Receiver) -> None:
    control(meta, "habits", batch=5)
    for n in range(5):
        say(meta, "facebook", "comment", f"number {n}")
    eventually(lambda: len(receiver.bodies) == 1)
    assert [len(entry["changes"]) for entry in receiver.entries] == [3, 2]
    assert {entry["id"] for entry in receiver.entries} == {PAGE}
    say(meta, "messenger", "direct")
    say(meta, "instagram", "comment")
    control(meta, "flush")
    eventually(lambda: len(receiver.bodies) == 3)
    assert {json.loads(body)["object"] for body in receiver.bodies[1:]} == {"page", "instagram"}


def test_an_open_batch_goes_out_by_itself(meta: Fake, receiver: Receiver) -> None:
    control(meta, "habits", batch=100)
    say(meta, "facebook", "comment")
    eventually(lambda: len(receiver.bodies) == 1)


def test_a_delivery_is_tried_again_until_200_and_doubled_as_told(meta: Fake, receiver: Receiver) -> None:
    receiver.answers = [503]
    say(meta, "facebook", "comment")
    eventually(lambda: len(receiver.bodies) == 2)
    assert receiver.bodies[0] == receiver.bodies[1]
    eventually(lambda: control(meta, "deliveries", "GET")[0]["statuses"] == [503, 200])
    control(meta, "habits", duplicate=2, disorder=0.05)
    say(meta, "facebook", "comment")
    eventually(lambda: len(receiver.bodies) == 4)


def test_what_is_not_subscribed_to_is_not_told(meta: Fake, receiver: Receiver) -> None:
    control(meta, "subscription", account=PAGE, fields=["feed"])
    say(meta, "messenger", "direct")
    say(meta, "facebook", "comment")
    eventually(lambda: len(receiver.bodies) == 1)
    assert control(meta, "state", "GET")["webhook"]["waiting"] == 0
    assert (receiver.messaging, len(receiver.changes)) == ([], 1)


def test_a_field_is_the_same_with_and_without_its_plural(meta: Fake, receiver: Receiver) -> None:
    control(meta, "subscription", account=INSTAGRAM, fields=["messages", "message_edit"])
    control(meta, "edit", id=say(meta, "instagram", "direct"), text="other words")
    eventually(lambda: len(receiver.bodies) == 2)


def test_exact_bytes_go_out_signed_or_with_any_signature(meta: Fake, receiver: Receiver) -> None:
    assert control(meta, "deliver", body=signing.B.decode())["status"] == 200
    forged = {"X-Hub-Signature-256": "sha256=" + "0" * 64}
    assert control(meta, "deliver", body=signing.B.decode(), headers=forged)["status"] == 401
    assert (receiver.bodies, receiver.refused) == ([signing.B], ["sig_bad"])


def test_a_person_can_ask_for_deletion_and_the_signed_request_is_believed(meta: Fake, receiver: Receiver) -> None:
    answer = control(meta, "delete_person", by="ana")
    assert answer["status"] == 200 and json.loads(answer["body"])["confirmation_code"]
    assert meta.world.person("ana").app_user_id in json.dumps(receiver.asked)


# --- what people do ------------------------------------------------------------------------------


def values(receiver: Receiver, **wanted: str) -> list[Any]:
    return [c["value"] for c in receiver.changes if wanted.items() <= c["value"].items()]


def test_the_life_of_a_comment_is_told_step_by_step(meta: Fake, receiver: Receiver) -> None:
    made = say(meta, "facebook", "comment", "where is it")
    control(meta, "edit", id=made, text="where is 4711")
    control(meta, "hide", id=made)
    control(meta, "hide", id=made, hidden=False)
    control(meta, "drop", id=made)
    eventually(lambda: len(receiver.bodies) == 5)
    (edited,), (removed,) = values(receiver, verb="edited"), values(receiver, verb="remove")
    assert edited["message"] == "where is 4711" and "message" not in removed
    (hidden,) = values(receiver, verb="hide")
    assert isinstance(hidden["sender_id"], int) and "from" not in hidden
    assert len(values(receiver, verb="unhide")) == 1
    control(meta, "edit", expected=404, id=made, text="too late")


def test_visitors_post_review_mention_and_react(meta: Fake, receiver: Receiver) -> None:
    post = say(meta, "facebook", "post", "Great shop!")
    say(meta, "facebook", "mention", "Ask Acme about it")
    say(meta, "facebook", "review", "Slow")
    say(meta, "facebook", "reaction", "love", to=post)
    say(meta, "facebook", "reaction", "", to=post)
    eventually(lambda: len(receiver.bodies) == 5)
    fields = {c["field"]: c["value"] for c in receiver.changes}
    assert "from" not in fields["mention"] and not fields["mention"]["post_id"].startswith(PAGE)
    assert (fields["ratings"]["recommendation_type"], fields["ratings"]["review_text"]) == ("NEGATIVE", "Slow")
    assert {v["verb"] for v in values(receiver, item="reaction")} == {"add", "remove"}
    assert values(receiver, item="post")[0]["is_hidden"] is False


def test_instagram_tells_of_new_comments_and_of_nothing_that_happens_to_them(meta: Fake, receiver: Receiver) -> None:
    made = say(meta, "instagram", "comment", "Price?")
    reply = say(meta, "instagram", "comment", "same here", to=made)
    nested = say(meta, "instagram", "comment", "and me", to=reply)
    control(meta, "drop", id=reply)
    control(meta, "edit", expected=400, id=made, text="Cost?")
    eventually(lambda: len(receiver.bodies) == 3)
    told = {v["id"]: v for v in values(receiver)}
    assert set(told) == {made, reply, nested}
    assert "parent_id" not in told[made] and told[nested]["parent_id"] == made
    assert not any({"verb", "created_time"} & set(value) for value in told.values())


def test_instagram_mentions_bring_ids_only_and_their_words_are_read_through_the_account(
    meta: Fake, receiver: Receiver
) -> None:
    comment = say(meta, "instagram", "mention", "ask @acme")
    caption = say(meta, "instagram", "mention", "with @acme", media=[{"kind": "image", "url": "https://x/y.jpg"}])
    eventually(lambda: len(receiver.bodies) == 2)
    told = values(receiver)
    media_id = next(v["media_id"] for v in told if v.get("comment_id") == comment)
    assert {"media_id": caption} in told
    asked = f"mentioned_comment.comment_id({comment}){{id,text,from{{id,username}}}}"
    found = ok(meta, "GET", f"/v26.0/{INSTAGRAM}", account=INSTAGRAM, fields=asked)["mentioned_comment"]
    assert found["text"] == "ask @acme" and found["from"]["id"] == meta.world.person("ana").igsid
    asked = f"mentioned_media.media_id({caption}){{caption,owner{{id}}}}"
    answer = ok(meta, "GET", f"/v26.0/{INSTAGRAM}", account=INSTAGRAM, fields=asked)["mentioned_media"]
    assert answer["caption"] == "with @acme"
    assert refusal(meta, "GET", f"/v26.0/{comment}", account=INSTAGRAM) == (100, 33)
    body = {"media_id": media_id, "comment_id": comment, "message": "Thank you"}
    assert ok(meta, "POST", f"/v26.0/{INSTAGRAM}/mentions", body, INSTAGRAM)["id"]


def test_flat_changes_are_a_habit_of_instagram_login(meta: Fake, receiver: Receiver) -> None:
    control(meta, "habits", flat=True)
    say(meta, "instagram", "comment", "Nice")
    eventually(lambda: len(receiver.bodies) == 1)
    assert (receiver.entries[0]["field"], receiver.entries[0]["value"]["text"]) == ("comments", "Nice")


def test_instagram_comments_may_come_under_the_id_of_the_page(meta: Fake, receiver: Receiver) -> None:
    control(meta, "habits", under_page=True)
    say(meta, "instagram", "comment", "Nice", by="acme")
    eventually(lambda: len(receiver.bodies) == 1)
    assert json.loads(receiver.bodies[0])["object"] == "instagram" and receiver.entries[0]["id"] == PAGE
    assert receiver.changes[0]["value"]["from"]["self_ig_scoped_id"]


def test_private_messages_are_edited_unsent_quoted_reacted_to_and_read(meta: Fake, receiver: Receiver) -> None:
    first = say(meta, "instagram", "direct", "in stock?")
    control(meta, "edit", id=first, text="still in stock?")
    say(meta, "instagram", "direct", "this one", quotes=first)
    say(meta, "instagram", "direct", "love it", quotes="story")
    story = say(meta, "instagram", "story_mention", "")
    ours = say(meta, "instagram", "direct", "Yes", by="acme", to="ana")
    say(meta, "instagram", "reaction", "love", to=ours)
    say(meta, "instagram", "reaction", "", to=ours)
    assert control(meta, "read", by="ana", platform="instagram")["id"] == ours
    control(meta, "unsend", id=first)
    eventually(lambda: len(receiver.bodies) == 10)
    items, person = receiver.messaging, meta.world.person("ana")
    messages = [item["message"] for item in items if "message" in item]
    assert {"mid": first, "is_deleted": True} in messages
    assert [i["message_edit"] for i in items if "message_edit" in i] == [
        {"mid": first, "text": "still in stock?", "num_edit": 1}
    ]
    assert {"mid": first} in [m.get("reply_to") for m in messages]
    assert [m["attachments"][0]["type"] for m in messages if m["mid"] == story] == ["story_mention"]
    (echo,) = (i for i in items if i.get("message", {}).get("is_echo"))
    assert (echo["sender"]["id"], echo["recipient"]["id"]) == (INSTAGRAM, person.igsid)
    assert {i["reaction"]["action"] for i in items if "reaction" in i} == {"react", "unreact"}
    assert [i["read"] for i in items if "read" in i] == [{"mid": ours}]


def test_messenger_has_watermarks_buttons_and_numbers_of_edits_in_words(meta: Fake, receiver: Receiver) -> None:
    first = say(meta, "messenger", "direct", "hello")
    control(meta, "edit", id=first, text="hello there")
    control(meta, "tap", by="ana", platform="messenger", title="Track order", payload="TRACK")
    ours = say(meta, "messenger", "direct", "Hi", by="acme", to=first)
    control(meta, "read", by="ana", platform="messenger")
    control(meta, "read", by="ana", platform="messenger", delivered=True)
    control(meta, "drop", expected=400, id=first)
    eventually(lambda: len(receiver.bodies) == 6)
    kinds = {key: item for item in receiver.messaging for key in item}
    assert kinds["message_edit"]["message_edit"]["num_edit"] == "1"
    assert kinds["postback"]["postback"]["payload"] == "TRACK"
    assert set(kinds["read"]["read"]) == {"watermark"} and "timestamp" not in kinds["delivery"]
    assert kinds["delivery"]["delivery"]["mids"] == [ours]


def test_a_thread_another_app_holds_is_only_listened_to(meta: Fake, receiver: Receiver) -> None:
    say(meta, "messenger", "direct", "one")
    control(meta, "take_thread", by="ana", platform="messenger")
    say(meta, "messenger", "direct", "two")
    assert refusal(meta, *dm(meta)) == (10, 2018300)
    control(meta, "take_thread", by="ana", platform="messenger", ours=True)
    ok(meta, *dm(meta))
    eventually(lambda: len(receiver.bodies) == 5)
    (standby,) = (entry["standby"] for entry in receiver.entries if "standby" in entry)
    assert [item["message"]["text"] for item in standby] == ["two"]
    assert {"take_thread_control", "pass_thread_control"} <= {key for item in receiver.messaging for key in item}


@pytest.mark.parametrize(
    ("expected", "platform", "surface", "more"),
    [
        (400, "messenger", "comment", {}),
        (400, "x", "post", {}),
        (400, "facebook", "live_comment", {}),
        (400, "instagram", "post", {}),
        (400, "facebook", "review", {"by": "acme"}),
        (400, "facebook", "post", {"at": "now"}),
        (400, "messenger", "direct", {"by": "acme"}),
        (400, "messenger", "direct", {"media": ["x"]}),
        (404, "facebook", "comment", {"to": "1"}),
        (404, "facebook", "post", {"by": "nobody"}),
        (404, "messenger", "direct", {"quotes": "m_nothing"}),
    ],
)
def test_what_nobody_can_do_on_meta_is_refused_by_the_control_plane(
    meta: Fake, expected: int, platform: str, surface: str, more: dict[str, Any]
) -> None:
    said = {"platform": platform, "surface": surface, "by": "ana", "text": "t", **more}
    assert control(meta, "say", expected=expected, **said)["error"]
    assert control(meta, "state", "GET")["messages"] == 0


# --- tokens, proofs, versions --------------------------------------------------------------------


def test_every_call_needs_a_version_a_token_and_a_fresh_proof(meta: Fake) -> None:
    token = SECRETS[PAGE]["access_token"]
    assert ok(meta, "GET", f"/v26.0/{PAGE}", fields="id,name")["name"] == "Acme"
    assert refusal(meta, "GET", f"/{PAGE}")[0] == 2500
    assert refusal(meta, "GET", f"/v26.0/{PAGE}", proved=False)[0] == 100
    old = str(int(time.time()) - 301)
    stale = {"appsecret_proof": proof(SECRET, token, int(old)), "appsecret_time": old}
    assert refusal(meta, "GET", f"/v26.0/{PAGE}", proved=False, **stale)[0] == 100
    assert refusal(meta, "GET", f"/v26.0/{PAGE}", proved=False, appsecret_proof="0" * 64)[0] == 100
    assert ok(meta, "GET", f"/v26.0/{PAGE}", proved=False, appsecret_proof=proof(SECRET, token))["id"] == PAGE
    assert urllib3.request("GET", f"{meta.url}/v26.0/{PAGE}").json()["error"]["code"] == 104
    assert refusal(meta, "GET", "/v26.0/", ids="1,2")[0] in (100, 2500)


def test_the_token_of_instagram_login_reaches_nothing_of_the_page(meta: Fake) -> None:
    comment = say(meta, "facebook", "comment")
    for path in (f"/v26.0/{PAGE}", f"/v26.0/{comment}", f"/v26.0/{meta.world.person('ana').psid}"):
        assert refusal(meta, "GET", path, account=INSTAGRAM) == (100, 33)
    assert ok(meta, "GET", "/v26.0/me", account=INSTAGRAM)["id"] == INSTAGRAM
    assert ok(meta, "GET", "/v26.0/me")["id"] == PAGE


def test_an_invalid_token_stops_calls_and_not_deliveries(meta: Fake, receiver: Receiver) -> None:
    control(meta, "token", account=PAGE, state="invalid")
    assert refusal(meta, "GET", f"/v26.0/{PAGE}") == (190, 463)
    assert ok(meta, "GET", f"/v26.0/{INSTAGRAM}", account=INSTAGRAM)["id"] == INSTAGRAM
    say(meta, "messenger", "direct")
    eventually(lambda: len(receiver.bodies) == 1)
    control(meta, "token", account=PAGE, state="ok")
    assert ok(meta, "GET", f"/v26.0/{PAGE}")["id"] == PAGE


def test_debug_token_tells_of_dead_tokens_and_granted_scopes(meta: Fake) -> None:
    token, app = SECRETS[PAGE]["access_token"], f"440011|{SECRET}"
    told = ok(meta, "GET", "/v26.0/debug_token", input_token=token)["data"]
    assert told["is_valid"] and "pages_messaging" in told["scopes"] and told["expires_at"] == 0
    control(meta, "token", account=PAGE, state="invalid", subcode=460)
    headers = {"authorization": f"Bearer {app}"}
    asked = {"input_token": token, "appsecret_proof": proof(SECRET, app)}
    dead = urllib3.request("GET", f"{meta.url}/v26.0/debug_token", fields=asked, headers=headers).json()["data"]
    assert (dead["is_valid"], dead["error"]["subcode"]) == (False, 460)


def test_an_instagram_token_ends_and_is_renewed_in_time(meta: Fake, clock: Time) -> None:
    grant = {"grant_type": "ig_refresh_token"}
    made = ok(meta, "GET", "/refresh_access_token", account=INSTAGRAM, **grant)
    assert made["access_token"] != SECRETS[INSTAGRAM]["access_token"] and made["expires_in"] == 60 * 86_400
    headers = {"authorization": f"Bearer {made['access_token']}"}
    young = urllib3.request("GET", f"{meta.url}/refresh_access_token", fields=grant, headers=headers)
    assert young.json()["error"]["code"] == 100
    assert refusal(meta, "GET", "/refresh_access_token", **grant)[0] == 190
    clock.pass_by(days=59)
    assert refusal(meta, "GET", f"/v26.0/{INSTAGRAM}", account=INSTAGRAM) == (190, 463)


def test_a_one_time_token_dies_with_its_renewal(meta: Fake) -> None:
    control(meta, "habits", rotate=True)
    ok(meta, "GET", "/refresh_access_token", account=INSTAGRAM, grant_type="ig_refresh_token")
    assert refusal(meta, "GET", "/refresh_access_token", account=INSTAGRAM, grant_type="ig_refresh_token")[0] == 190
    assert control(meta, "state", "GET")["renewals"] == 1


def test_a_missing_permission_is_named_by_its_code(meta: Fake) -> None:
    comment = say(meta, "facebook", "comment")
    say(meta, "messenger", "direct")
    control(meta, "permissions", account=PAGE, missing=["pages_manage_engagement", "pages_messaging"])
    assert refusal(meta, "POST", f"/v26.0/{comment}/comments", {"message": "hi"})[0] == 200
    assert refusal(meta, *dm(meta))[0] == 200
    control(meta, "permissions", account=INSTAGRAM, missing=["allow_messages"])
    say(meta, "instagram", "direct")
    assert refusal(meta, *dm(meta, account=INSTAGRAM)) == (200, 2534041)
    control(meta, "permissions", account=PAGE, missing=["pages_read_user_content"])
    assert set(ok(meta, "GET", f"/v26.0/{comment}", fields="id,from,message")) == {"id"}


def test_subscriptions_are_read_and_made_anew(meta: Fake) -> None:
    path = f"/v26.0/{PAGE}/subscribed_apps"
    control(meta, "subscription", account=PAGE, fields=[])
    assert ok(meta, "GET", path) == {"data": []}
    assert ok(meta, "POST", path, {"subscribed_fields": "feed,messages"}) == {"success": True}
    assert ok(meta, "GET", path)["data"][0]["subscribed_fields"] == ["feed", "messages"]
    assert refusal(meta, "POST", path, {"subscribed_fields": "feed,gossip"})[0] == 100
    mine = f"/v26.0/{INSTAGRAM}/subscribed_apps"
    assert ok(meta, "POST", mine, {"subscribed_fields": "comments"}, INSTAGRAM) == {"success": True}
    assert ok(meta, "DELETE", mine, account=INSTAGRAM) == {"success": True}


# --- public answers ------------------------------------------------------------------------------


def test_a_reply_is_echoed_as_an_own_comment_and_listed(meta: Fake, receiver: Receiver) -> None:
    comment = say(meta, "facebook", "comment", "hello")
    made = ok(meta, "POST", f"/v26.0/{comment}/comments", {"message": "Hello Ana"})["id"]
    eventually(lambda: len(receiver.bodies) == 2)
    (echo,) = values(receiver, comment_id=made)
    assert (echo["from"], echo["parent_id"]) == ({"id": PAGE, "name": "Acme"}, comment)
    below = ok(meta, "GET", f"/v26.0/{comment}/comments", fields="id,from{id}")["data"]
    assert below == [{"id": made, "from": {"id": PAGE}}]
    (sent,) = control(meta, "sent", "GET")
    assert (sent["verb"], sent["to"], sent["text"], sent["id"]) == ("public_reply", comment, "Hello Ana", made)


def test_the_same_words_twice_and_too_many_words_are_refused(meta: Fake, clock: Time) -> None:
    comment = say(meta, "facebook", "comment")
    path = f"/v26.0/{comment}/comments"
    ok(meta, "POST", path, {"message": "Hello"})
    assert refusal(meta, "POST", path, {"message": "Hello"}) == (506, 0)
    clock.pass_by(minutes=6)
    ok(meta, "POST", path, {"message": "Hello"})
    assert refusal(meta, "POST", path, {"message": "x" * 8001})[0] == 100
    assert refusal(meta, "POST", path, {"message": " "})[0] == 100


def test_what_was_removed_does_not_exist_with_all_below_it(meta: Fake) -> None:
    comment = say(meta, "facebook", "comment")
    reply = say(meta, "facebook", "comment", "more", to=comment)
    assert ok(meta, "DELETE", f"/v26.0/{comment}") == {"success": True}
    for method, path in (("GET", comment), ("GET", reply), ("DELETE", comment), ("POST", f"{reply}/comments")):
        assert refusal(meta, method, f"/v26.0/{path}", {"message": "hi"} if method == "POST" else None) == (100, 33)


def test_hiding_and_liking_show_in_the_object_and_are_told(meta: Fake, receiver: Receiver) -> None:
    comment = say(meta, "facebook", "comment")
    for _ in range(2):
        assert ok(meta, "POST", f"/v26.0/{comment}", {"is_hidden": True}) == {"success": True}
        assert ok(meta, "POST", f"/v26.0/{comment}/likes") == {"success": True}
    shown = ok(meta, "GET", f"/v26.0/{comment}", fields="is_hidden,can_hide,can_remove,user_likes")
    assert (shown["is_hidden"], shown["can_hide"], shown["can_remove"], shown["user_likes"]) == (True, True, True, True)
    ok(meta, "DELETE", f"/v26.0/{comment}/likes")
    eventually(lambda: len(receiver.bodies) == 4)
    assert [v["verb"] for v in values(receiver, item="reaction")] == ["add", "remove"]
    own = ok(meta, "POST", f"/v26.0/{comment}/comments", {"message": "ours"})["id"]
    assert ok(meta, "GET", f"/v26.0/{own}", fields="can_hide")["can_hide"] is False
    assert refusal(meta, "POST", f"/v26.0/{own}", {"is_hidden": True})[0] == 200
    assert ok(meta, "POST", f"/v26.0/{own}", {"message": "ours, edited"}) == {"success": True}


def test_instagram_takes_replies_under_visible_comments_of_its_own_media_only(meta: Fake) -> None:
    comment, live = say(meta, "instagram", "comment"), say(meta, "instagram", "live_comment")
    path = f"/v26.0/{comment}/replies"
    reply = ok(meta, "POST", path, {"message": "Yes"}, INSTAGRAM)["id"]
    nested = ok(meta, "POST", f"/v26.0/{reply}/replies", {"message": "and yes"}, INSTAGRAM)["id"]
    assert ok(meta, "GET", f"/v26.0/{nested}", account=INSTAGRAM, fields="parent_id")["parent_id"] == comment
    assert refusal(meta, "POST", f"/v26.0/{live}/replies", {"message": "Yes"}, INSTAGRAM)[0] == 100
    assert refusal(meta, "POST", path, {"message": "#a #b #c #d #e"}, INSTAGRAM)[0] == 100
    assert refusal(meta, "POST", path, {"message": "x" * 301}, INSTAGRAM)[0] == 100
    assert ok(meta, "POST", f"/v26.0/{comment}", {"hide": True}, INSTAGRAM) == {"success": True}
    assert refusal(meta, "POST", path, {"message": "No"}, INSTAGRAM)[0] == 100
    assert ok(meta, "DELETE", f"/v26.0/{comment}", account=INSTAGRAM) == {"success": True}
    assert refusal(meta, "GET", f"/v26.0/{comment}", account=INSTAGRAM) == (100, 33)


# --- private answers -----------------------------------------------------------------------------


def test_a_message_is_echoed_with_what_we_sent_along(meta: Fake, receiver: Receiver) -> None:
    say(meta, "messenger", "direct")
    made = ok(meta, *dm(meta, message={"text": "Hi Ana", "metadata": "desk:job:42"}))
    person = meta.world.person("ana")
    assert made["recipient_id"] == person.psid
    eventually(lambda: len(receiver.bodies) == 2)
    (echo,) = (item for item in receiver.messaging if item.get("message", {}).get("is_echo"))
    assert (echo["sender"]["id"], echo["recipient"]["id"]) == (PAGE, person.psid)
    wanted = {"mid": made["message_id"], "text": "Hi Ana", "metadata": "desk:job:42", "app_id": 440011}
    assert wanted.items() <= echo["message"].items()


@pytest.mark.parametrize(
    ("platform", "account", "code"), [("messenger", PAGE, 2018278), ("instagram", INSTAGRAM, 2534022)]
)
def test_the_window_closes_after_a_day_and_after_a_week_for_people(
    meta: Fake, clock: Time, platform: str, account: str, code: int
) -> None:
    say(meta, platform, "direct")
    clock.pass_by(hours=23.9)
    ok(meta, *dm(meta, "in time", account))
    clock.pass_by(hours=0.2)
    assert refusal(meta, *dm(meta, "late", account), account=account) == (10, code)
    ok(meta, *dm(meta, "a person writes", account, **HUMAN), account=account)
    clock.pass_by(days=6)
    assert refusal(meta, *dm(meta, "far too late", account, **HUMAN), account=account) == (10, code)
    say(meta, platform, "direct", "still there?")
    ok(meta, *dm(meta, "yes", account), account=account)


@pytest.fixture(scope="module")
def quiet() -> Iterator[Fake]:
    """A fake that delivers nothing and whose time stands still."""
    with Fake(clock=lambda: 1_795_219_200.0) as fake:
        yield fake


@given(hours=st.floats(0, 400) | st.sampled_from((24.0, 168.0)), agent=st.booleans())
@settings(max_examples=50, deadline=None)
def test_the_window_is_open_exactly_as_long_as_the_contract_says(quiet: Fake, hours: float, agent: bool) -> None:
    person = quiet.world.add_person(f"p{quiet.world.number()}", "")
    now = datetime.fromtimestamp(1_795_219_200, UTC)
    wrote = now - timedelta(hours=hours)
    say(quiet, "messenger", "direct", by=person.username, at=wrote.isoformat())
    answer = graph(quiet, *dm(quiet, to=person.psid, **(HUMAN if agent else {})))
    assert (answer.status == 200) == (now - wrote < timedelta(days=7 if agent else 1)), answer.data


def test_a_private_reply_is_one_within_a_week_and_opens_no_window(meta: Fake, receiver: Receiver, clock: Time) -> None:
    comment, late = say(meta, "facebook", "comment"), say(meta, "facebook", "comment", "another")
    body = {"recipient": {"comment_id": comment}, "messaging_type": "RESPONSE", "message": {"text": "in private"}}
    path = f"/v26.0/{PAGE}/messages"
    assert ok(meta, "GET", f"/v26.0/{comment}", fields="can_reply_privately")["can_reply_privately"] is True
    made = ok(meta, "POST", path, body)
    assert made["recipient_id"] == meta.world.person("ana").psid
    assert ok(meta, "GET", f"/v26.0/{comment}", fields="can_reply_privately")["can_reply_privately"] is False
    assert refusal(meta, "POST", path, body) == (10900, 0)
    assert refusal(meta, *dm(meta)) == (10, 2018278)
    clock.pass_by(days=7)
    assert refusal(meta, "POST", path, {**body, "recipient": {"comment_id": late}}) == (10903, 0)
    assert refusal(meta, "POST", path, {**body, "recipient": {"comment_id": "1_1"}}) == (100, 33)


def test_a_live_comment_is_answered_in_private_only_while_it_is_live(meta: Fake) -> None:
    first, second = say(meta, "instagram", "live_comment"), say(meta, "instagram", "live_comment", "again")
    path = f"/v26.0/{INSTAGRAM}/messages"
    ok(meta, "POST", path, {"recipient": {"comment_id": first}, "message": {"text": "hi"}}, INSTAGRAM)
    control(meta, "end_live", id=first)
    late = {"recipient": {"comment_id": second}, "message": {"text": "hi"}}
    on_page = {**late, "recipient": {"comment_id": say(meta, "facebook", "comment")}}
    assert refusal(meta, "POST", path, on_page, INSTAGRAM) == (100, 33)
    assert refusal(meta, "POST", path, late, INSTAGRAM) == (10903, 0)


def test_messenger_counts_characters_and_instagram_bytes(meta: Fake) -> None:
    say(meta, "messenger", "direct")
    say(meta, "instagram", "direct")
    ok(meta, *dm(meta, "é" * 2000))
    assert refusal(meta, *dm(meta, "é" * 2001))[0] == 100
    ok(meta, *dm(meta, "é" * 500, INSTAGRAM), account=INSTAGRAM)
    assert refusal(meta, *dm(meta, "é" * 501, INSTAGRAM), account=INSTAGRAM)[0] == 100


def test_messages_nobody_can_get_are_refused_each_with_its_code(meta: Fake) -> None:
    say(meta, "messenger", "direct")
    assert refusal(meta, *dm(meta, to="1")) == (100, 2018001)
    assert refusal(meta, *dm(meta, account=INSTAGRAM, to="1"), account=INSTAGRAM) == (100, 2534014)
    assert refusal(meta, *dm(meta, to=meta.world.person("ana").page_user_id)) == (100, 2018001)
    assert refusal(meta, *dm(meta, messaging_type="MESSAGE_TAG", tag="ACCOUNT_UPDATE"))[0] == 100
    assert refusal(meta, *dm(meta, messaging_type="SOMETHING"))[0] == 100
    replies = [{"content_type": "text", "title": "Yes", "payload": "Y"}] * 14
    assert refusal(meta, *dm(meta, message={"text": "which", "quick_replies": replies}))[0] == 100
    assert refusal(meta, *dm(meta, message={"text": "and", "attachment": {}}))[0] == 100
    control(meta, "permissions", account=PAGE, missing=["human_agent"])
    assert refusal(meta, *dm(meta, **HUMAN))[0] == 200
    control(meta, "block", by="ana")
    assert refusal(meta, *dm(meta)) == (551, 1545041)


def test_the_page_sends_for_the_linked_instagram_account_as_me(meta: Fake) -> None:
    say(meta, "instagram", "direct")
    body = {"recipient": {"id": meta.world.person("ana").igsid}, "message": {"text": "hi"}}
    assert ok(meta, "POST", "/v26.0/me/messages", body)["message_id"].startswith("aWdf")


def test_conversations_show_the_last_twenty_messages_and_profiles_need_consent(meta: Fake) -> None:
    person = meta.world.person("ana")
    assert refusal(meta, "GET", f"/v26.0/{person.psid}")[0] == 230
    for n in range(25):
        say(meta, "messenger", "direct", f"number {n}")
    fields = "id,messages.limit(50){id,message,from{id},to{id}}"
    (thread,) = ok(meta, "GET", f"/v26.0/{PAGE}/conversations", fields=fields, user_id=person.psid)["data"]
    shown = thread["messages"]["data"]
    assert [row["message"] for row in shown][:2] == ["number 24", "number 23"] and len(shown) == 20
    assert (shown[0]["from"]["id"], shown[0]["to"]["data"][0]["id"]) == (person.psid, PAGE)
    (again,) = ok(meta, "GET", f"/v26.0/{thread['id']}/messages", limit="1", fields="id,message")["data"]
    assert ok(meta, "GET", f"/v26.0/{again['id']}", fields="message")["message"] == "number 24"
    assert ok(meta, "GET", f"/v26.0/{PAGE}/conversations", platform="instagram") == {"data": []}
    assert ok(meta, "GET", f"/v26.0/{person.psid}", fields="name")["name"] == "Ana Pop"


# --- lists ---------------------------------------------------------------------------------------


def test_lists_are_ordered_filtered_limited_and_paged(meta: Fake) -> None:
    begin = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)
    post = say(meta, "facebook", "post", "Great shop!", at=begin.isoformat())
    first = say(meta, "facebook", "comment", "0", to=post, at=(begin + timedelta(minutes=1)).isoformat())
    say(meta, "facebook", "comment", "below", to=first, at=(begin + timedelta(minutes=2)).isoformat())
    for n in range(1, 5):
        say(meta, "facebook", "comment", str(n), to=post, at=(begin + timedelta(minutes=10 + n)).isoformat())

    def listed(**params: str) -> Any:
        return ok(meta, "GET", f"/v26.0/{post}/comments", fields="message", **params)

    assert [c["message"] for c in listed()["data"]] == ["0", "1", "2", "3", "4"]
    stream = {"filter": "stream", "order": "reverse_chronological"}
    assert [c["message"] for c in listed(**stream)["data"]] == ["4", "3", "2", "1", "below", "0"]
    since = str(int((begin + timedelta(minutes=12)).timestamp()))
    assert [c["message"] for c in listed(**stream, since=since)["data"]] == ["4", "3", "2"]
    page = listed(**stream, limit="4")
    assert "next" in page["paging"]
    rest = listed(**stream, limit="4", after=page["paging"]["cursors"]["after"])
    assert [c["message"] for c in rest["data"]] == ["below", "0"] and "next" not in rest["paging"]
    feed = ok(meta, "GET", f"/v26.0/{PAGE}/feed", fields="id,updated_time")["data"]
    assert [row["id"] for row in feed] == [post]
    assert datetime.fromisoformat(feed[0]["updated_time"]) == begin + timedelta(minutes=14)
    assert refusal(meta, "GET", f"/v26.0/{post}/comments", fields="gossip")[0] == 100


def test_instagram_lists_media_comments_and_replies(meta: Fake) -> None:
    media = say(meta, "instagram", "post", "New", by="acme")
    comment = say(meta, "instagram", "comment", "one", to=media)
    reply = say(meta, "instagram", "comment", "below", to=comment)
    second = say(meta, "instagram", "comment", "two", to=media)
    rows = ok(meta, "GET", f"/v26.0/{INSTAGRAM}/media", account=INSTAGRAM, fields="id,comments_count")["data"]
    assert rows == [{"id": media, "comments_count": 3}]
    fields = "id,text,replies.limit(50){id,parent_id}"
    rows = ok(meta, "GET", f"/v26.0/{media}/comments", account=INSTAGRAM, fields=fields)["data"]
    assert [row["id"] for row in rows] == [second, comment]
    assert rows[1]["replies"]["data"] == [{"id": reply, "parent_id": comment}]


@pytest.mark.parametrize("text", ["", "id,", "id}", "from{id", "from{}", "a(1)", "id;name", "messages.limit{id}"])
def test_a_malformed_list_of_fields_is_refused(text: str) -> None:
    with pytest.raises(GraphError):
        parse(text)


# --- limits and misbehaviour ---------------------------------------------------------------------


def test_usage_is_told_in_headers_and_too_much_is_refused(meta: Fake) -> None:
    answer = graph(meta, "GET", f"/v26.0/{PAGE}")
    assert set(json.loads(answer.headers["x-app-usage"])) == {"call_count", "total_cputime", "total_time"}
    (told,) = json.loads(answer.headers["x-business-use-case-usage"])[PAGE]
    assert (told["type"], told["estimated_time_to_regain_access"]) == ("pages", 0)
    control(meta, "usage", account=PAGE, percent=100, minutes=7)
    assert refusal(meta, "GET", f"/v26.0/{PAGE}")[0] == 80001
    assert refusal(meta, *dm(meta))[0] == 80006
    late = graph(meta, "GET", f"/v26.0/{PAGE}")
    (told,) = json.loads(late.headers["x-business-use-case-usage"])[PAGE]
    assert (told["call_count"], told["estimated_time_to_regain_access"]) == (100, 7)
    assert ok(meta, "GET", f"/v26.0/{INSTAGRAM}", account=INSTAGRAM)


def test_faults_come_as_planned_with_and_without_effect(meta: Fake) -> None:
    comment = say(meta, "facebook", "comment")
    path = f"/v26.0/{comment}/comments"

    def planned(answer: str, **more: Any) -> Any:
        control(meta, "faults", on="send", answer=answer, **more)
        return graph(meta, "POST", path, {"message": answer + str(more)})

    assert planned("status", status=502).status == 502
    assert planned("rate_limited", seconds=300).json()["error"]["code"] == 80006
    assert planned("error", code=368).json()["error"]["code"] == 368
    assert (planned("errors", code=2).status, control(meta, "faults", "GET")) == (200, [])
    assert "id" not in planned("no_id").json() and planned("wrong_id").json()["id"] == PAGE
    assert planned("html").data.startswith(b"<html>")
    assert control(meta, "sent", "GET") == []
    with pytest.raises(json.JSONDecodeError):
        planned("half_json", effect=True).json()
    with pytest.raises(urllib3.exceptions.ProtocolError):
        planned("reset", effect=True)
    with pytest.raises(urllib3.exceptions.ProtocolError):
        planned("hang", seconds=0.05)
    assert planned("status", status=500, effect=True).status == 500
    assert len(control(meta, "sent", "GET")) == 3
    assert control(meta, "faults", "DELETE") == []


def test_the_page_shows_the_public_what_it_may_see(meta: Fake) -> None:
    comment = say(meta, "facebook", "comment", "<b>secret</b>")
    ok(meta, "POST", f"/v26.0/{comment}/comments", {"message": "Our answer"})
    say(meta, "messenger", "direct", "in private")
    shown = urllib3.request("GET", meta.url + "/").data.decode()
    assert "&lt;b&gt;secret" in shown and "Our answer" in shown and "Messenger · private, with Ana Pop" in shown
    control(meta, "hide", id=comment)
    assert "secret" not in urllib3.request("GET", meta.url + "/").data.decode()


def test_a_reset_forgets_people_and_what_they_did(meta: Fake) -> None:
    say(meta, "facebook", "comment")
    control(meta, "reset")
    state = control(meta, "state", "GET")
    assert (state["people"], state["items"], state["sent"]) == ([], 0, 0)
