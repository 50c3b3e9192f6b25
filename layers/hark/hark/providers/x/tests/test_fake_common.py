"""What the fake X has in common with every fake of Hark: people who speak, tokens, the list of what we did."""

from __future__ import annotations

import pytest
import requests

from hark.domain.events import AccountChanged, MessageSeen, Notice
from hark.providers.x.door import FIELDS, verify
from hark.providers.x.fake import ACCOUNTS, SECRETS, Fake
from hark.providers.x.fake import signed as signed_by_x
from hark.testkit.waiting import eventually

from .asking import control, events, kinds, post, reply_to, signed
from .conftest import Receiver
from .signing import delivery


def say(x: Fake, by: str, text: str, surface: str = "post", **more: object) -> str:
    made = control(x, "POST", "say", {"platform": "x", "surface": surface, "by": by, "text": text, **more})
    assert isinstance(made["id"], str)
    return made["id"]


def test_people_and_the_brands_staff_speak_in_public_and_in_private(x: Fake, receiver: Receiver) -> None:
    question = say(x, "kim_l", "@acme hello", lang="en")
    say(x, "acme", "Hello Kim!", to=question)
    private = say(x, "kim_l", "order 4711 & more", "direct")
    say(x, "acme", "Thank you.", "direct", to="kim_l")
    say(x, "acme", "It is on its way.", "direct", to=private)
    eventually(lambda: len(receiver.bodies) == 5)
    seen = {e.text: e for e in events(receiver) if isinstance(e, MessageSeen)}
    assert seen["@acme hello"].message_id == question
    assert (seen["@kim_l Hello Kim!"].own, seen["@kim_l Hello Kim!"].in_reply_to) == (True, question)
    assert (seen["order 4711 & more"].own, seen["order 4711 & more"].surface) == (False, "direct")
    for own in ("Thank you.", "It is on its way."):
        assert (seen[own].own, seen[own].customer.id, seen[own].thread_id) == (True, "7770002", "5550001-7770002")
    assert sorted(kinds(receiver)) == ["dm.received", "dm.sent", "dm.sent", "post.create", "post.mention.create"]


def test_pictures_and_videos_hang_on_posts_and_messages(x: Fake, receiver: Receiver) -> None:
    picture = [{"kind": "image", "url": "https://pbs.twimg.com/media/a.jpg"}]
    say(x, "kim_l", "@acme look", media=picture)
    say(x, "kim_l", "look", "direct", media=picture)
    eventually(lambda: len(receiver.bodies) == 2)
    for event in events(receiver):
        assert [(item.kind, item.url) for item in event.media] == [("image", "https://pbs.twimg.com/media/a.jpg")]


def test_an_edit_and_a_deletion_are_told_by_id(x: Fake, receiver: Receiver) -> None:
    first = say(x, "kim_l", "@acme parcel 4711")
    second = control(x, "POST", "edit", {"id": first, "text": "@acme parcel 4712"})["id"]
    control(x, "POST", "drop", {"id": second})
    eventually(lambda: len(receiver.bodies) == 3)
    assert [type(e).__name__ for e in events(receiver)].count("MessageGone") == 1


def test_an_encrypted_message_comes_only_to_those_who_asked_for_it(x: Fake, receiver: Receiver) -> None:
    say(x, "kim_l", "secret", "encrypted")
    x.webhooks.subscribe("chat.received", {"user_id": "5550001"}, "", "9001")
    own_id = say(x, "kim_l", "secret", "encrypted")
    eventually(lambda: len(receiver.bodies) == 1)
    (notice,) = events(receiver)
    assert isinstance(notice, Notice)
    assert notice.message_id == own_id
    assert b"secret" not in receiver.bodies[0]


def test_what_we_did_through_the_api_is_listed_with_its_verb(x: Fake, receiver: Receiver) -> None:
    question, private = post(x, "@acme hello"), say(x, "kim_l", "hello", "direct")
    reply_to(x, question["id"], "Hello Kim!")
    signed(x, "POST", "/2/dm_conversations/with/7770002/messages", json={"text": "Hello in private!"})
    listed = control(x, "GET", "sent")
    assert [(one["verb"], one["text"], one["to"], one["person"]) for one in listed] == [
        ("public_reply", "Hello Kim!", question["id"], "7770002"),
        ("dm", "Hello in private!", "", "7770002"),
    ]
    assert private not in [one["id"] for one in listed]
    eventually(lambda: kinds(receiver).count("dm.sent") == 1)


def test_silence_is_told_to_nobody_and_found_by_those_who_look(x: Fake, receiver: Receiver) -> None:
    say(x, "kim_l", "anybody?", "direct", silent=True)
    say(x, "kim_l", "@acme hello")
    eventually(lambda: len(receiver.bodies) == 1)
    assert [m["text"] for m in signed(x, "GET", "/2/dm_events?dm_event.fields=text").json()["data"]] == ["anybody?"]


def test_a_token_is_taken_away_with_or_without_a_word_and_given_back(x: Fake, receiver: Receiver) -> None:
    for revoke in (False, True):
        control(x, "POST", "token", {"valid": False, "revoke": revoke})
        assert signed(x, "GET", "/2/users/5550001/mentions").status_code == 401
    eventually(lambda: kinds(receiver) == ["oauth.revoke"])
    assert events(receiver) == [AccountChanged(paused=True, reason="x.access_revoked")]
    control(x, "POST", "token", {"valid": True})
    assert signed(x, "GET", "/2/users/5550001/mentions").status_code == 200
    bearer = {"authorization": f"Bearer {SECRETS['5550001']['bearer_token']}"}
    control(x, "POST", "token", {"valid": False, "of": "app"})
    assert requests.get(x.url + "/2/webhooks", headers=bearer, timeout=5).status_code == 401
    control(x, "POST", "token", {"valid": True, "of": "app"})
    assert requests.get(x.url + "/2/webhooks", headers=bearer, timeout=5).json()["data"][0]["valid"] is True


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/2/webhooks"), ("GET", "/2/activity/subscriptions"), ("GET", "/2/tweets/search/recent?query=acme")],
)
def test_what_only_the_application_may_ask_is_refused_to_the_user(x: Fake, method: str, path: str) -> None:
    refused = signed(x, method, path)
    assert (refused.status_code, refused.json()["title"]) == (403, "Unsupported Authentication")


def test_what_only_the_user_may_do_is_refused_to_the_application(x: Fake) -> None:
    bearer = {"authorization": f"Bearer {SECRETS['5550001']['bearer_token']}"}
    assert requests.get(x.url + "/2/dm_events", headers=bearer, timeout=5).status_code == 403


def test_fifteen_messages_in_a_quarter_of_an_hour_are_x_limit(x: Fake) -> None:
    say(x, "kim_l", "hello", "direct")
    answers = [
        signed(x, "POST", "/2/dm_conversations/with/7770002/messages", json={"text": f"{n}"}).status_code
        for n in range(16)
    ]
    assert answers == [201] * 15 + [429]


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"by": "nobody", "text": "hi"}, 404),
        ({"by": "kim_l"}, 400),
        ({"by": "kim_l", "text": "hi", "platform": "facebook"}, 400),
        ({"by": "kim_l", "text": "hi", "surface": "review"}, 400),
        ({"by": "kim_l", "text": "hi", "media": [{"kind": "smell", "url": "https://x"}]}, 400),
        ({"by": "kim_l", "text": "hi", "to": "1"}, 404),
        ({"by": "acme", "text": "hi", "surface": "direct"}, 404),
    ],
)
def test_what_nobody_can_say_is_refused(x: Fake, given: dict[str, object], status: int) -> None:
    with pytest.raises(requests.HTTPError) as refused:
        control(x, "POST", "say", given)
    assert refused.value.response.status_code == status


def test_the_accounts_and_secrets_it_names_are_those_it_plays() -> None:
    assert {account["id"] for account in ACCOUNTS} == set(SECRETS)
    assert set(SECRETS["5550001"]) <= set(FIELDS)
    headers, path = signed_by_x(b"{}", "5550001")
    verify(delivery(b"{}", headers), SECRETS["5550001"])
    assert path == ""
