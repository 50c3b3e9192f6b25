"""The fake Meta signs, batches, repeats and tells what people do exactly as Meta would."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hark.domain.account import Account
from hark.providers.meta import door
from hark.providers.meta.fake import ACCOUNTS, SECRETS, Fake
from hark.providers.meta.fake.webhooks import as_bytes, signature, signed_request
from hark.testkit.waiting import eventually

from . import signing
from .fake_calls import INSTAGRAM, PAGE, Receiver, control, dm, ok, refusal, say, values


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


def test_many_people_at_once_are_all_heard(meta: Fake, receiver: Receiver) -> None:
    control(meta, "habits", disorder=0.1, batch=4)
    with ThreadPoolExecutor(8) as crowd:
        made = set(crowd.map(lambda n: say(meta, "messenger", "direct", f"number {n}"), range(50)))
    control(meta, "flush")
    eventually(lambda: len(receiver.messaging) >= 50)
    assert {item["message"]["mid"] for item in receiver.messaging} == made and len(made) == 50


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
