"""The fake Viber keeps Viber's word: webhook, signatures, retries, limits, receipts and planned misbehaviour."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from hark.domain.account import Account
from hark.domain.events import MediaKind, MessageSeen, Reachable, Receipt, Receipted, SetAside
from hark.providers import http
from hark.providers.viber import door
from hark.providers.viber.fake import ACCOUNTS, SECRETS, Fake
from hark.providers.viber.fake.server import RETRY_AFTER
from hark.testkit.waiting import eventually

from .conftest import Receiver, control, controlled

TOKEN = SECRETS["b1"]["auth_token"]


def call(fake: Fake, route: str, given: object, token: str | None = TOKEN) -> Any:
    headers = {} if token is None else {"x-viber-auth-token": token}
    answer = http.call("POST", f"{fake.url}/pa/{route}", json.dumps(given).encode(), headers)
    assert answer.status == 200, "Viber says 200 even when it refuses"
    return json.loads(answer.body)


def send(fake: Fake, text: str = "Hello Zoe", **changes: Any) -> Any:
    person = fake.world.person("zoe").id
    return call(
        fake,
        "send_message",
        {"receiver": person, "min_api_version": 1, "sender": {"name": "Acme"}, "type": "text", "text": text, **changes},
    )


def say(fake: Fake, text: str = "Where is my order?", **more: Any) -> str:
    return str(
        control(fake, "POST", "say", {"platform": "viber", "surface": "direct", "by": "zoe", "text": text, **more})[
            "id"
        ]
    )


def seen(receiver: Receiver) -> list[MessageSeen]:
    return [event for event in receiver.events() if isinstance(event, MessageSeen)]


def receipts(receiver: Receiver) -> list[Receipted]:
    return [event for event in receiver.events() if isinstance(event, Receipted)]


def test_the_account_and_its_secrets_are_such_as_the_desk_keeps() -> None:
    account = Account.model_validate({**ACCOUNTS[0], "brand": "acme"})
    assert (account.provider, account.id, account.handle) == ("viber", "b1", "acme")
    assert account.carries("viber")
    assert set(SECRETS[account.id]) <= set(door.FIELDS)


# --- in -----------------------------------------------------------------------------------------


def test_an_address_is_tried_before_anything_is_delivered(viber: Fake, receiver: Receiver) -> None:
    eventually(lambda: control(viber, "GET", "state")["webhook"]["valid"] is True)
    assert receiver.kinds == ["webhook"]
    (made,) = receiver.requests
    assert made.path == "b1"
    swapped = json.loads(made.body)
    assert swapped["timestamp"] > 2**53 > swapped["message_token"], "the numbers stand in each other's place"


def test_a_webhook_that_comes_up_later_is_found(receiver: Receiver) -> None:
    receiver.answers = [503, 500]
    with Fake(webhook_url=receiver.url) as viber:
        viber.world.add_person("zoe", "Zoe")
        say(viber)
        eventually(lambda: "message" in receiver.kinds)
    assert receiver.kinds.count("webhook") == 3


def test_a_message_arrives_signed_under_the_bots_own_address(viber: Fake, receiver: Receiver) -> None:
    token = say(viber, "Доброго дня 👋", lang="uk")
    eventually(lambda: len(seen(receiver)) == 1)
    (event,) = seen(receiver)
    assert (event.message_id, event.text, event.language_hint) == (f"b1#{token}", "Доброго дня 👋", "uk")
    assert event.customer.id == viber.world.person("zoe").id
    assert (event.customer.name, event.customer.avatar != "") == ("Zoe", True)
    assert receiver.refused == []


def test_a_person_has_an_id_with_everything_that_needs_escaping(viber: Fake) -> None:
    made = control(viber, "POST", "users", {"username": "kim", "name": "Kim L"})
    assert {"+", "/"} <= set(made["id"])
    assert made["subscribed"] is False
    assert controlled(viber, "POST", "users", {"username": "kim"})[0] == 409


@pytest.mark.parametrize(
    ("media", "kind"),
    [
        ({"kind": "image", "url": "https://dl-media.viber.com/1/x.jpg?Expires=1795222800"}, MediaKind.IMAGE),
        ({"kind": "video", "url": "https://dl-media.viber.com/v.mp4", "size": 5}, MediaKind.VIDEO),
        ({"kind": "file", "url": "https://dl-media.viber.com/f", "name": "bill.pdf", "size": 5}, MediaKind.FILE),
        ({"kind": "sticker", "value": "40133"}, MediaKind.STICKER),
        ({"kind": "link", "url": "https://shop.example/p/1"}, MediaKind.LINK),
        ({"kind": "location", "value": "56.95,24.11"}, MediaKind.LOCATION),
        ({"kind": "contact", "name": "Bob", "value": "+371200"}, MediaKind.CONTACT),
        ({"kind": "unsupported"}, MediaKind.UNSUPPORTED),
    ],
)
def test_everything_people_can_send_comes_as_the_contract_has_it(
    viber: Fake, receiver: Receiver, media: dict[str, Any], kind: MediaKind
) -> None:
    say(viber, "look", media=[media])
    eventually(lambda: len(seen(receiver)) == 1)
    (thing,) = seen(receiver)[0].media
    assert (thing.kind, thing.url) == (kind, media.get("url", ""))
    if "value" in media:
        assert thing.value == media["value"]


def test_people_who_want_no_names_told_have_none(viber: Fake, receiver: Receiver) -> None:
    url = f"{receiver.url}/b1"
    assert call(viber, "set_webhook", {"url": url, "send_name": False})["status"] == 0
    say(viber)
    eventually(lambda: len(seen(receiver)) == 1)
    assert (seen(receiver)[0].customer.name, seen(receiver)[0].customer.avatar) == ("", "")


def test_subscribing_leaving_and_opening_the_chat_are_told(viber: Fake, receiver: Receiver) -> None:
    for what in ("subscribe", "unsubscribe", "open"):
        control(viber, "POST", what, {"by": "zoe"})
    eventually(lambda: {"subscribed", "unsubscribed", "conversation_started"} <= set(receiver.kinds))
    events = receiver.events()
    assert sorted(e.reachable for e in events if isinstance(e, Reachable)) == [False, True]
    assert SetAside("viber.conversation_started") in events


def test_only_what_was_asked_for_is_told(viber: Fake, receiver: Receiver) -> None:
    call(viber, "set_webhook", {"url": f"{receiver.url}/b1", "event_types": ["unsubscribed"]})
    control(viber, "POST", "subscribe", {"by": "zoe"})
    control(viber, "POST", "unsubscribe", {"by": "zoe"})
    say(viber)
    eventually(lambda: {"unsubscribed", "message"} <= set(receiver.kinds))
    assert "subscribed" not in receiver.kinds


def test_what_our_door_answers_to_an_opened_chat_is_the_welcome(viber: Fake, receiver: Receiver) -> None:
    control(viber, "POST", "open", {"by": "zoe", "context": "from=web"})
    eventually(lambda: any(m.source == "welcome" for m in viber.world.messages()))
    (welcome,) = (m for m in viber.world.messages() if m.source == "welcome")
    assert (welcome.text, welcome.person.username, welcome.paid) == ("Hello! How can we help?", "zoe", False)
    assert control(viber, "GET", "sent") == [], "it is an answer, not a sending"
    page = http.call("GET", viber.url + "/").body.decode()
    assert "Hello! How can we help?" in page


def test_a_failed_delivery_is_tried_again_for_an_hour(viber: Fake, receiver: Receiver) -> None:
    eventually(lambda: receiver.kinds == ["webhook"])
    receiver.answers = [503]
    say(viber)
    eventually(lambda: receiver.kinds.count("message") == 2)
    assert receiver.requests[1].body == receiver.requests[2].body
    eventually(lambda: control(viber, "GET", "deliveries")[0]["done"])
    assert control(viber, "GET", "deliveries")[0]["statuses"] == [503, 200]
    assert 1800 < sum(RETRY_AFTER) < 3600


def test_anything_but_200_is_no_receipt_for_viber(viber: Fake, receiver: Receiver) -> None:
    eventually(lambda: receiver.kinds == ["webhook"])
    receiver.answers = [204]
    say(viber)
    eventually(lambda: receiver.kinds.count("message") == 2)


def test_duplicates_and_silence_are_habits(viber: Fake, receiver: Receiver) -> None:
    control(viber, "POST", "habits", {"duplicate": 3, "disorder": 0.05})
    say(viber)
    eventually(lambda: receiver.kinds.count("message") == 3)
    assert len({key for key in receiver.keys if "other" not in key}) == 1
    control(viber, "POST", "habits", {"silent": True, "duplicate": 1})
    say(viber, "anybody?")
    say(viber, "anybody?", silent=True)
    assert control(viber, "GET", "state")["webhook"]["waiting"] == 0
    assert receiver.kinds.count("message") == 3


def test_of_edits_and_deletions_in_the_app_the_bot_learns_nothing(viber: Fake, receiver: Receiver) -> None:
    token = say(viber, "parcel 4711")
    eventually(lambda: "message" in receiver.kinds)
    control(viber, "POST", "edit", {"id": token, "text": "parcel 4712"})
    assert "parcel 4712" in http.call("GET", viber.url + "/").body.decode()
    control(viber, "POST", "drop", {"id": token})
    assert "4712" not in http.call("GET", viber.url + "/").body.decode()
    assert receiver.kinds.count("message") == 1


def test_nobody_writes_as_the_bot_but_the_bot(viber: Fake) -> None:
    assert controlled(viber, "POST", "say", {"by": "acme", "text": "hello"})[0] == 400


def test_any_bytes_can_be_delivered_rightly_or_wrongly_signed(viber: Fake, receiver: Receiver) -> None:
    body = '{"event":"message_pinned"}'
    assert control(viber, "POST", "deliver", {"body": body}) == {"status": 200, "body": ""}
    assert control(viber, "POST", "deliver", {"body": body, "headers": {}})["status"] == 401
    assert control(viber, "POST", "deliver", {"body": body, "headers": {door.HEADER: "0" * 64}})["status"] == 401
    assert receiver.refused == ["sig_form", "sig_bad"]


# --- out ----------------------------------------------------------------------------------------


def test_a_message_is_accepted_then_delivered_then_seen(viber: Fake, receiver: Receiver) -> None:
    say(viber)
    token = send(viber)["message_token"]
    eventually(lambda: len(receipts(receiver)) == 2)
    assert {(r.receipt, r.message_id, r.customer_id) for r in receipts(receiver)} == {
        (Receipt.DELIVERED, f"b1#{token}", viber.world.person("zoe").id),
        (Receipt.SEEN, f"b1#{token}", viber.world.person("zoe").id),
    }
    assert control(viber, "GET", "state")["states"] == {str(token): "seen"}


def test_an_old_device_refuses_what_viber_had_accepted(viber: Fake, receiver: Receiver) -> None:
    say(viber)
    control(viber, "POST", "device", {"by": "zoe", "old": True})
    answer = send(viber)
    assert answer["status"] == 0, "accepted is not delivered"
    eventually(lambda: len(receipts(receiver)) == 1)
    assert [(r.receipt, r.message_id) for r in receipts(receiver)] == [
        (Receipt.REJECTED, f"b1#{answer['message_token']}")
    ]


def test_receipts_can_be_held_back(viber: Fake, receiver: Receiver) -> None:
    say(viber)
    control(viber, "POST", "receipts", {"seen": False})
    send(viber)
    eventually(lambda: "delivered" in receiver.kinds)
    control(viber, "POST", "receipts", {"delivered": False})
    send(viber)
    assert set(control(viber, "GET", "state")["states"].values()) == {"delivered", "accepted"}


def test_what_was_sent_is_listed_with_its_price(viber: Fake) -> None:
    say(viber, at="2026-11-01T10:00:00Z")
    token = send(viber, "Still there?", tracking_data="job:7")["message_token"]
    (made,) = control(viber, "GET", "sent")
    assert {k: made[k] for k in ("id", "platform", "verb", "text", "person", "paid", "tracking_data")} == {
        "id": str(token),
        "platform": "viber",
        "verb": "dm",
        "text": "Still there?",
        "person": viber.world.person("zoe").id,
        "paid": True,
        "tracking_data": "job:7",
    }
    assert datetime.fromisoformat(made["at"]).tzinfo == UTC
    assert control(viber, "GET", "state")["paid_usd"] == 0.05
    say(viber)
    send(viber)
    assert control(viber, "GET", "state")["paid"] == 1, "inside the session it is free"


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"sender": {}}, 4),
        ({"sender": None}, 4),
        ({"sender": {"name": "a" * 29}}, 3),
        ({"text": ""}, 4),
        ({"text": "a" * 7001}, 3),
        ({"text": 7}, 3),
        ({"type": "picture"}, 3),
        ({"tracking_data": "a" * 4001}, 3),
        ({"tracking_data": "a" * 31_000}, 3),
        ({"receiver": "bm9ib2R5"}, 5),
        ({"receiver": None}, 5),
    ],
)
def test_a_message_outside_of_the_schema_is_refused(viber: Fake, changes: dict[str, Any], status: int) -> None:
    say(viber)
    assert send(viber, **changes)["status"] == status
    assert control(viber, "GET", "sent") == []


def test_the_token_stands_in_the_header_and_nowhere_else(viber: Fake) -> None:
    assert call(viber, "get_account_info", {"auth_token": TOKEN}, token=None) == {
        "status": 2,
        "status_message": "missing_auth_token",
    }
    assert call(viber, "get_account_info", {}, token="wrong")["status"] == 2
    assert call(viber, "get_account_info", {})["name"] == "Acme"


def test_a_webhook_is_set_only_where_somebody_answers(viber: Fake, receiver: Receiver) -> None:
    assert call(viber, "set_webhook", {"url": "http://127.0.0.1:1/b1"})["status"] == 1
    assert call(viber, "get_account_info", {})["webhook"] == f"{receiver.url}/b1"
    assert (
        call(viber, "set_webhook", {"url": f"{receiver.url}/b2", "event_types": ["seen"]})["event_types"][0] == "seen"
    )
    assert call(viber, "get_account_info", {})["webhook"] == f"{receiver.url}/b2"
    assert call(viber, "set_webhook", {"url": f"{receiver.url}/b1", "event_types": ["everything"]})["status"] == 3
    assert call(viber, "set_webhook", {"url": ""})["status"] == 0
    assert call(viber, "get_account_info", {})["webhook"] == ""


def test_details_of_a_person_are_given_twice_in_twelve_hours(viber: Fake) -> None:
    person = {"id": viber.world.person("zoe").id}
    answers = [call(viber, "get_user_details", person) for _ in range(3)]
    assert [answer["status"] for answer in answers] == [0, 0, 12]
    assert answers[0]["user"]["name"] == "Zoe"


# --- the control plane --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "value", "status"),
    [
        ("POST", "say", {"by": "nobody", "text": "hi"}, 404),
        ("POST", "say", {"by": "zoe"}, 400),
        ("POST", "say", {"by": "zoe", "text": 7}, 400),
        ("POST", "say", {"by": "zoe", "text": "hi", "at": "yesterday"}, 400),
        ("POST", "say", {"by": "zoe", "text": "hi", "surface": "comment"}, 400),
        ("POST", "say", {"by": "zoe", "text": "hi", "platform": "x"}, 400),
        ("POST", "say", {"by": "zoe", "text": "hi", "media": [{"kind": "hologram"}]}, 400),
        ("POST", "say", {"by": "zoe", "text": "hi", "media": [{"kind": "image"}, {"kind": "image"}]}, 400),
        ("POST", "users", {"username": "zoe"}, 409),
        ("POST", "users", {"username": "not a name"}, 409),
        ("POST", "drop", {"id": "1"}, 404),
        ("POST", "faults", {"on": "send", "answer": "explode"}, 400),
        ("POST", "habits", {"mood": "bad"}, 400),
        ("POST", "nothing", {}, 404),
        ("GET", "nothing", None, 404),
        ("DELETE", "users", None, 404),
    ],
)
def test_the_control_plane_refuses_what_it_does_not_know(
    viber: Fake, method: str, path: str, value: object, status: int
) -> None:
    assert controlled(viber, method, path, value)[0] == status


def test_a_foreign_web_page_cannot_use_the_control_plane(viber: Fake) -> None:
    answer = http.call("POST", viber.url + "/_fake/reset", b"{}", {"content-type": "text/plain"})
    assert answer.status == 415


def test_the_page_shows_chats_and_runs_nothing(viber: Fake) -> None:
    say(viber, "<script>alert(1)</script> 'quoted'")
    send(viber, "We're <b>on</b> it")
    page = http.call("GET", viber.url + "/")
    assert b"<script" not in page.body
    assert b"&lt;script&gt;" in page.body
    assert b"We&#x27;re &lt;b&gt;on&lt;/b&gt; it" in page.body
    assert "default-src 'none'" in page.headers["content-security-policy"]


def test_a_reset_forgets_people_messages_and_plans(viber: Fake) -> None:
    say(viber)
    control(viber, "POST", "faults", {"on": "send", "answer": "reset"})
    control(viber, "POST", "token", {"valid": False})
    state = control(viber, "POST", "reset", {})
    assert (state["people"], state["messages"], state["faults"], state["token_valid"]) == (0, 0, [], True)
