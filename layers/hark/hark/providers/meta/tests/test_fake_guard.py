"""The fake Graph API guards its calls: versions, tokens, proofs, permissions, limits, and planned misbehaviour."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
import urllib3

from hark.providers.meta.fake import SECRETS, Fake
from hark.providers.meta.graph import proof
from hark.testkit.waiting import eventually

from .fake_calls import INSTAGRAM, PAGE, SECRET, Receiver, Time, control, dm, graph, ok, refusal, say


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
