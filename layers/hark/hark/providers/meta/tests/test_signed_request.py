"""Requests to delete a person's data, forged and genuine (row H26), and what the person is told."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from hark.domain.events import DeletionAsked, SetAside
from hark.providers.contract import OF_THE_APP, Request, SignatureRefused, UnreadableDelivery
from hark.providers.meta.door import asks_after, page_of, reply, split, verify
from hark.providers.meta.inbound import parse

from .signing import SECRET, A, D, digest, signed_request

SECRETS = {"app_secret": SECRET}
PERSON = {"user_id": "218471", "algorithm": "HMAC-SHA256", "issued_at": 1795219200}
NOW = datetime(2026, 11, 21, tzinfo=UTC)
HOST = {"host": "desk.example"}


def form(signed: str, path: str = "data-deletion") -> Request:
    return Request("POST", HOST, "", urlencode({"signed_request": signed}).encode(), path)


def test_the_documented_request_is_let_in_and_names_the_person() -> None:
    assert signed_request(SECRET, PERSON) == D, "the tests sign as Meta does"
    verify(form(D), SECRETS)
    (event,) = split(form(D))
    assert event.account_id == OF_THE_APP
    (asked,) = parse(event, frozenset((event.kind,)), OF_THE_APP, NOW)
    assert asked == DeletionAsked("218471", event.key.removeprefix("data-deletion:"))


def test_what_is_kept_is_no_request_that_could_be_shown_again() -> None:
    (event,) = split(form(D))
    assert D.split(".")[0].encode() not in event.body
    assert D.split(".")[1].encode() not in event.body


def test_the_answer_is_an_address_and_a_code_of_letters_and_digits() -> None:
    events = split(form(D))
    answer = reply(form(D), events, {})
    assert answer is not None
    assert (answer.status, answer.content_type) == (200, "application/json")
    told = json.loads(answer.body)
    assert set(told) == {"url", "confirmation_code"}
    assert told["confirmation_code"].isalnum()
    address = urlsplit(told["url"])
    assert (address.scheme, address.netloc, address.path) == ("https", "desk.example", "/webhooks/meta/data-deletion")
    assert parse_qs(address.query) == {"code": [told["confirmation_code"]]}
    assert asks_after(Request("GET", HOST, address.query, b"", "data-deletion")) == events[0].key


def test_the_same_request_has_the_same_code_and_another_one_another() -> None:
    later = form(signed_request(SECRET, PERSON | {"issued_at": 1795219999}))
    assert [e.key for e in split(form(D))] == [e.key for e in split(form(D))]
    assert split(form(D))[0].key != split(later)[0].key


def test_a_person_who_left_the_app_is_recorded_and_told_nothing() -> None:
    request = form(D, "deauthorize")
    verify(request, SECRETS)
    (event,) = split(request)
    assert event.account_id == OF_THE_APP
    assert parse(event, frozenset((event.kind,)), OF_THE_APP, NOW) == [SetAside("meta.deauthorized")]
    assert reply(request, [event], {}) is None


@pytest.mark.parametrize("path", ["data-deletion", "deauthorize"])
@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"signed_request=", id="empty field"),
        pytest.param(f"other={D}".encode(), id="another field"),
        pytest.param(f"signed_request={D}&signed_request={D}".encode(), id="twice"),
        pytest.param(D.encode(), id="no form"),
        pytest.param(f"signed_request={D.split('.')[1]}".encode(), id="no signature"),
        pytest.param(f"signed_request={D.split('.')[0]}.".encode(), id="no payload"),
        pytest.param(f"signed_request={D}.x".encode(), id="three parts"),
        pytest.param(f"signed_request={D[1:]}".encode(), id="short signature"),
        pytest.param(f"signed_request={D[:-1]}".encode(), id="payload cut off"),
        pytest.param(f"signed_request={D.replace('.', '=.')}".encode(), id="padding"),
        pytest.param(b"signed_request=" + signed_request("another", PERSON).encode(), id="another key"),
        pytest.param(
            b"signed_request=" + signed_request(SECRET, PERSON | {"algorithm": "none"}).encode(), id="no algorithm"
        ),
        pytest.param(
            b"signed_request=" + signed_request(SECRET, {"user_id": "218471"}).encode(), id="algorithm missing"
        ),
        pytest.param(b"signed_request=\xff", id="not ASCII"),
        pytest.param(b"signed_request=%ff", id="not UTF-8"),
        pytest.param(f"signed_request={digest(SECRET, b'x')}.x".encode(), id="a webhook's digest"),
    ],
)
def test_a_forged_request_is_refused_h26(path: str, body: bytes) -> None:
    with pytest.raises(SignatureRefused) as refused:
        verify(Request("POST", {}, "", body, path), SECRETS)
    assert refused.value.metric == "del_bad"


def test_a_webhooks_signature_is_none_of_a_request_and_the_reverse() -> None:
    headers = {"x-hub-signature-256": f"sha256={digest(SECRET, A)}"}
    with pytest.raises(SignatureRefused):
        verify(Request("POST", headers, "", A, "data-deletion"), SECRETS)
    with pytest.raises(SignatureRefused):
        verify(Request("POST", {}, "", form(D).body, ""), SECRETS)


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param({"algorithm": "HMAC-SHA256"}, id="nobody"),
        pytest.param({"algorithm": "HMAC-SHA256", "user_id": ""}, id="empty"),
        pytest.param({"algorithm": "HMAC-SHA256", "user_id": "a/b"}, id="no id"),
        pytest.param({"algorithm": "HMAC-SHA256", "user_id": True}, id="truth"),
        pytest.param(b"not json", id="no JSON"),
        pytest.param(b"[]", id="no object"),
        pytest.param(b"\xff\xfe", id="no text"),
    ],
)
def test_a_signed_request_that_names_nobody_is_kept_i7(payload: object) -> None:
    request = form(signed_request(SECRET, payload))
    verify(request, SECRETS)
    with pytest.raises(UnreadableDelivery):
        split(request)


def test_an_id_written_as_a_number_is_the_same_person() -> None:
    (event,) = split(form(signed_request(SECRET, PERSON | {"user_id": 218471})))
    (asked,) = parse(event, frozenset((event.kind,)), OF_THE_APP, NOW)
    assert isinstance(asked, DeletionAsked)
    assert asked.subject_id == "218471"


@pytest.mark.parametrize("host", ["", "desk.example/x", "desk example", "a@b", "desk.example\r\nx: y"])
def test_no_address_is_made_of_an_odd_host(host: str) -> None:
    assert reply(Request("POST", {"host": host}, "", form(D).body, "data-deletion"), split(form(D)), {}) is None


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("data-deletion", ""),
        ("data-deletion", "code="),
        ("data-deletion", "code=<script>"),
        ("data-deletion", "code=" + "a" * 33),
        ("data-deletion", "code=" + "A" * 32),
        ("data-deletion", "code=" + "a" * 32 + "&code=" + "b" * 32),
        ("data-deletion", "code=%ff"),
        ("", "code=" + "a" * 32),
        ("deauthorize", "code=" + "a" * 32),
        ("data-deletion", "hub.mode=subscribe&hub.challenge=1"),
    ],
)
def test_only_a_code_asks_after_a_request(path: str, query: str) -> None:
    assert asks_after(Request("GET", {}, query, b"", path)) == ""


def test_a_person_reads_what_became_of_it_and_nothing_they_typed() -> None:
    assert page_of("").status == 404
    for state in ("received", "folded", "quarantined", "set_aside"):
        page = page_of(state)
        assert page.status == 200
        assert page.content_type.startswith("text/plain")
        assert state not in page.body
    assert page_of("folded").body != page_of("received").body


def test_a_code_cannot_be_made_from_what_everybody_knows_of_a_person() -> None:
    elsewhere = form(signed_request("another application's", PERSON))
    assert split(elsewhere)[0].key != split(form(D))[0].key
