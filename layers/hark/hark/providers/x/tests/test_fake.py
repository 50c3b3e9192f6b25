"""The fake X keeps X's word: endpoint check, signatures, retries, limits, echo and planned misbehaviour."""

from __future__ import annotations

import pytest
import requests

from hark.domain.events import MessageGone, MessageSeen
from hark.providers.x.fake import Fake
from hark.testkit.waiting import eventually

from .asking import control, events, kinds, mentions, post, reply_to, signed
from .conftest import Receiver
from .signing import split


def test_the_endpoint_is_checked_before_anything_is_delivered(x: Fake, receiver: Receiver) -> None:
    eventually(lambda: control(x, "GET", "state")["webhook"]["valid"] is True)
    assert receiver.checks == 1


def test_a_wrong_answer_to_the_check_disables_the_webhook(receiver: Receiver) -> None:
    receiver.wrong_token = True
    with Fake(webhook_url=receiver.url) as x:
        eventually(lambda: control(x, "GET", "state")["webhook"]["valid"] is False)
        control(x, "POST", "posts", {"author": "acme", "text": "hello"})
        receiver.wrong_token = False
        control(x, "POST", "webhook", {"url": receiver.url})
        eventually(lambda: control(x, "GET", "state")["webhook"]["valid"] is True)
        said = control(x, "POST", "posts", {"author": "acme", "text": "again"})
        eventually(lambda: len(receiver.bodies) == 1)
        assert said["id"].encode() in receiver.bodies[0], "what happened meanwhile comes by replay only"


def test_a_webhook_that_comes_up_later_is_found(receiver: Receiver) -> None:
    with Fake(webhook_url="http://127.0.0.1:1/") as x:
        control(x, "POST", "posts", {"author": "acme", "text": "hello"})
        control(x, "POST", "webhook", {"url": receiver.url})
        eventually(lambda: len(receiver.bodies) == 1)


def test_a_mention_arrives_signed_and_readable(x: Fake, receiver: Receiver) -> None:
    made = post(x, "@acme 1 < 2 & so on: https://example.lv/a", lang="en")
    eventually(lambda: len(receiver.bodies) == 1)
    (event,) = events(receiver)
    assert isinstance(event, MessageSeen)
    assert event.text == "@acme 1 < 2 & so on: https://example.lv/a"
    assert (event.message_id, event.customer.handle, event.may_reply) == (made["id"], "kim_l", True)
    assert receiver.refused == []


def test_a_reply_names_us_by_x_own_hand_and_a_quote_by_its_link(x: Fake, receiver: Receiver) -> None:
    ours = control(x, "POST", "posts", {"author": "acme", "text": "Delays today."})
    post(x, "again?", in_reply_to=ours["id"])
    post(x, "look", quote_of=ours["id"])
    eventually(lambda: sorted(kinds(receiver)) == ["post.create", "post.quote.create", "post.reply.create"])
    seen = {e.text: e for e in events(receiver) if isinstance(e, MessageSeen)}
    reply, quote = seen["@acme again?"], seen[f"look https://x.com/acme/status/{ours['id']}"]
    assert (reply.addressed, reply.may_reply, reply.in_reply_to) == (True, False, ours["id"])
    assert (quote.addressed, quote.may_reply) == (True, True)


def test_a_reply_to_somebody_else_below_us_comes_by_poll_only(x: Fake, receiver: Receiver) -> None:
    control(x, "POST", "users", {"username": "lee"})
    ours = control(x, "POST", "posts", {"author": "acme", "text": "Delays today."})
    first = post(x, "again?", in_reply_to=ours["id"])
    nested = control(x, "POST", "posts", {"author": "lee", "text": "same here", "in_reply_to": first["id"]})
    assert nested["whole_text"] == "@kim_l @acme same here"
    eventually(lambda: len(receiver.bodies) == 2)
    assert nested["id"] in [p["id"] for p in mentions(x)["data"]]


def test_an_edit_has_a_new_id_and_a_deletion_takes_all_versions(x: Fake, receiver: Receiver) -> None:
    first = post(x, "@acme parcel 4711")
    second = control(x, "POST", f"posts/{first['id']}/edit", {"text": "@acme parcel 4712"})
    control(x, "DELETE", f"posts/{first['id']}")
    eventually(lambda: len(receiver.bodies) == 3)
    seen = [e for e in events(receiver) if isinstance(e, MessageSeen)]
    assert {e.message_id for e in seen} == {first["id"]}
    assert max(seen, key=lambda e: e.version).text == "@acme parcel 4712"
    assert second["versions"] == [first["id"], second["id"]]
    (gone,) = (e for e in events(receiver) if isinstance(e, MessageGone))
    assert gone.message_id == first["id"]
    assert {raw.account_id for body in receiver.bodies for raw in split(body)} == {"5550001"}


def test_a_failed_delivery_is_tried_again(x: Fake, receiver: Receiver) -> None:
    receiver.answers = [503]
    post(x, "@acme hello")
    eventually(lambda: len(receiver.bodies) == 2)
    assert receiver.bodies[0] == receiver.bodies[1]
    eventually(lambda: control(x, "GET", "deliveries")[0]["done"])
    assert control(x, "GET", "deliveries")[0]["statuses"] == [503, 200]


def test_duplicates_and_silence_are_habits(x: Fake, receiver: Receiver) -> None:
    control(x, "POST", "habits", {"duplicate": 3, "disorder": 0.05})
    post(x, "@acme hello")
    eventually(lambda: len(receiver.bodies) == 3)
    assert len(set(receiver.bodies)) == 1
    control(x, "POST", "habits", {"silent": True})
    quiet = post(x, "@acme anybody?")
    assert quiet["id"] in [p["id"] for p in mentions(x)["data"]]
    assert control(x, "GET", "state")["webhook"]["waiting"] == 0
    assert len(receiver.bodies) == 3


def test_our_own_answer_is_echoed_and_listed(x: Fake, receiver: Receiver) -> None:
    question = post(x, "@acme hello")
    answer = reply_to(x, question["id"], "Hello Kim!")
    assert answer.status_code == 201
    assert answer.json()["data"]["text"] == "@kim_l Hello Kim!"
    eventually(lambda: "post.create" in kinds(receiver))
    (echo,) = (e for e in events(receiver) if isinstance(e, MessageSeen) and e.own)
    assert (echo.message_id, echo.customer.id) == (answer.json()["data"]["id"], "7770002")
    (listed,) = control(x, "GET", "replies")
    assert (listed["text"], listed["in_reply_to"], listed["source"]) == ("Hello Kim!", question["id"], "api")


@pytest.mark.parametrize(
    "value",
    [
        {"text": "hi", "quote_tweet_id": "1"},
        {"text": "hi", "reply": {"in_reply_to_tweet_id": "1", "auto": True}},
        {"text": ""},
        {"text": "日" * 141},
        {"text": "$ACME and $OTHER"},
        {"text": 7},
        [],
    ],
)
def test_a_body_outside_the_schema_is_refused(x: Fake, value: object) -> None:
    assert signed(x, "POST", "/2/tweets", json=value).status_code == 400


def test_what_is_not_signed_by_the_account_is_refused(x: Fake) -> None:
    assert requests.post(x.url + "/2/tweets", json={"text": "hi"}, timeout=5).status_code == 401
    bearer = {"authorization": "Bearer x"}
    assert requests.get(x.url + "/2/users/5550001/mentions", headers=bearer, timeout=5).status_code == 401
    right = signed(x, "GET", "/2/users/5550001/mentions?max_results=5")
    header = {"authorization": right.request.headers["authorization"]}
    replayed = requests.get(x.url + "/2/users/5550001/mentions?max_results=5", headers=header, timeout=5)
    assert (right.status_code, replayed.status_code) == (200, 401), "a nonce counts once"


def test_the_hundred_and_first_post_of_a_quarter_hour_is_refused_with_x_headers(x: Fake) -> None:
    for n in range(100):
        answer = signed(x, "POST", "/2/tweets", json={"text": f"News {n}"})
        assert answer.status_code == 201
        assert answer.headers["x-rate-limit-remaining"] == str(99 - n)
    refused = signed(x, "POST", "/2/tweets", json={"text": "One more"})
    assert refused.status_code == 429
    assert int(refused.headers["x-rate-limit-reset"]) > x.clock()
    assert len(control(x, "GET", "replies")) == 100


def test_the_same_answer_to_another_person_is_no_duplicate(x: Fake) -> None:
    control(x, "POST", "users", {"username": "lee"})
    first = post(x, "@acme hello")
    second = control(x, "POST", "posts", {"author": "lee", "text": "@acme hello"})
    assert [reply_to(x, p["id"], "Hello!").status_code for p in (first, second, first)] == [201, 201, 403]


def test_an_old_post_has_an_old_id(x: Fake) -> None:
    old = post(x, "@acme hello", at="2026-11-20T09:14:03Z")
    assert 0 <= int(old["id"]) - 2123706425275322373 + (123 << 22) < 1 << 32
    assert control(x, "GET", "posts")[0]["at"] == "2026-11-20T09:14:03.000Z"


def test_any_bytes_can_be_delivered_rightly_or_wrongly_signed(x: Fake, receiver: Receiver) -> None:
    assert control(x, "POST", "deliver", {"body": "{broken"}) == {"status": 200, "body": ""}
    assert control(x, "POST", "deliver", {"body_base64": "//4="})["status"] == 200
    assert receiver.bodies == [b"{broken", b"\xff\xfe"]
    assert control(x, "POST", "deliver", {"body": "{}", "headers": {}})["status"] == 401


@pytest.mark.parametrize(
    ("method", "path", "value", "status"),
    [
        ("POST", "posts", {"author": "nobody", "text": "hi"}, 404),
        ("POST", "posts", {"author": "kim_l"}, 400),
        ("POST", "posts", {"author": "kim_l", "text": 7}, 400),
        ("POST", "posts", {"author": "kim_l", "text": "hi", "at": "yesterday"}, 400),
        ("POST", "users", {"username": "kim_l"}, 409),
        ("POST", "users", {"username": "not a handle"}, 409),
        ("POST", "faults", {"on": "send", "answer": "explode"}, 400),
        ("POST", "habits", {"mood": "bad"}, 400),
        ("POST", "nothing", {}, 404),
        ("GET", "nothing", None, 404),
        ("DELETE", "posts/1", None, 404),
    ],
)
def test_the_control_plane_refuses_what_it_does_not_know(
    x: Fake, method: str, path: str, value: object, status: int
) -> None:
    with pytest.raises(requests.HTTPError) as refused:
        control(x, method, path, value)
    assert refused.value.response.status_code == status


def test_a_foreign_web_page_cannot_use_the_control_plane(x: Fake) -> None:
    answer = requests.post(x.url + "/_fake/reset", data="{}", headers={"content-type": "text/plain"}, timeout=5)
    assert answer.status_code == 415


def test_the_public_page_shows_threads_and_runs_nothing(x: Fake) -> None:
    question = post(x, "@acme <script>alert(1)</script> 'quoted'")
    reply_to(x, question["id"], "We're <b>on</b> it")
    page = requests.get(x.url + "/", timeout=5)
    assert "<script" not in page.text
    assert "&lt;script&gt;" in page.text
    assert "We&#x27;re &lt;b&gt;on&lt;/b&gt; it" in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    control(x, "DELETE", f"posts/{question['id']}")
    assert "alert(1)" not in requests.get(x.url + "/", timeout=5).text


def test_a_reset_forgets_people_posts_and_plans(x: Fake) -> None:
    post(x, "@acme hello")
    control(x, "POST", "faults", {"on": "send", "answer": "reset"})
    state = control(x, "POST", "reset", {})
    assert (state["posts"], state["faults"]) == (0, [])
