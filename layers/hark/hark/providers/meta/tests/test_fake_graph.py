"""The fake Graph API says, hides, lists and keeps windows as Meta does, and echoes what we send."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hark.providers.meta.fake import Fake
from hark.providers.meta.fake.errors import GraphError
from hark.providers.meta.fake.fields import parse
from hark.testkit.waiting import eventually

from .fake_calls import HUMAN, INSTAGRAM, PAGE, Receiver, Time, control, dm, graph, ok, refusal, say, values


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
