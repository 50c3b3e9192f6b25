"""Viber's door against the contract's vectors and the hostile inputs of the webhook (rows H1 to H3, H11 to H18)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hark.domain.account import Account
from hark.domain.events import RawEvent
from hark.providers.contract import ChallengeRefused, Request, SecretMissing, SignatureRefused, UnreadableDelivery
from hark.providers.viber.door import HEADER, challenge, reply, split, verify
from hark.testkit.imports import beyond_the_standard_library

from .signing import (
    SECRETS,
    TOKEN,
    V1,
    V1_BODY,
    V2,
    V2_BODY,
    V2_OF_COMPACT_ASCII,
    V2_OF_DEFAULT_DUMP,
    request,
    signed,
)

STARTED = {"event": "conversation_started", "message_token": 6012345678901234582, "user": {"id": "Qm9i"}}


def refused(made: Request, secrets: dict[str, str] = SECRETS) -> str:
    with pytest.raises(SignatureRefused) as caught:
        verify(made, secrets)
    return caught.value.metric


# --- who sent it --------------------------------------------------------------------------------


@pytest.mark.parametrize(("body", "signature"), [(V1_BODY, V1), (V2_BODY, V2)], ids=["V1", "V2"])
def test_the_vectors_of_the_contract_are_accepted_by_header_by_query_and_by_both(body: bytes, signature: str) -> None:
    assert len(body) == (142 if body is V1_BODY else 287)
    verify(request(body, signature), SECRETS)
    verify(request(body, query=f"sig={signature}"), SECRETS)
    verify(request(body, signature, query=f"a=1&sig={signature}"), SECRETS)


@pytest.mark.parametrize("wrong", [V2_OF_COMPACT_ASCII, V2_OF_DEFAULT_DUMP, V1], ids=["compact", "default", "other"])
def test_the_digest_of_the_same_json_written_anew_is_refused_h3(wrong: str) -> None:
    assert refused(request(V2_BODY, wrong)) == "sig_bad"
    assert refused(request(V2_BODY, query=f"sig={wrong}")) == "sig_bad"


def test_the_wrong_digests_are_those_of_the_usual_mistakes() -> None:
    value = json.loads(V2_BODY)
    assert signed(json.dumps(value, separators=(",", ":")).encode()) == V2_OF_COMPACT_ASCII
    assert signed(json.dumps(value, ensure_ascii=False).encode()) == V2_OF_DEFAULT_DUMP


def test_header_and_query_must_agree() -> None:
    assert refused(request(V1_BODY, V1, query=f"sig={V2}")) == "sig_bad"
    assert refused(request(V1_BODY, V2, query=f"sig={V1}")) == "sig_bad"
    assert refused(request(V1_BODY, V1, query="sig=")) == "sig_form"
    assert refused(request(V1_BODY, "", query=f"sig={V1}")) == "sig_form"
    assert refused(request(V1_BODY, query=f"sig={V1}&sig={V1}")) == "sig_form"


def test_digits_count_in_either_case() -> None:
    verify(request(V1_BODY, V1.upper()), SECRETS)
    verify(request(V1_BODY, V1, query=f"sig={V1.upper()}"), SECRETS)


@pytest.mark.parametrize(
    "signature",
    [
        pytest.param(None, id="missing"),
        pytest.param("", id="empty"),
        pytest.param(V1[:-1], id="truncated"),
        pytest.param(V1 + "0", id="too long"),
        pytest.param(f"{V1},{V1}", id="two by comma"),
        pytest.param(f" {V1}", id="space"),
        pytest.param(V1 + "\n", id="line end"),
        pytest.param(V1[:-1] + "é", id="not ASCII"),
        pytest.param(V1[:-1] + "٣", id="another script's digit"),
        pytest.param("sha256=" + V1, id="H2 Meta's scheme"),
        pytest.param("sha1=" + V1[:40], id="H2 sha1"),
        pytest.param("sha256=6SRAGdC2cHUvdK6vQcBo1Yl/ZDylZFeqiXahjpqxZ/U=", id="H2 X's scheme"),
        pytest.param(V1[:40], id="H2 length of a sha1"),
    ],
)
def test_a_signature_of_another_form_is_refused_h1_h2(signature: str | None) -> None:
    assert refused(request(V1_BODY, signature)) == "sig_form"


def test_other_names_of_the_header_are_no_signature_h2() -> None:
    assert refused(request(V1_BODY, headers={"x-hub-signature-256": f"sha256={V1}"})) == "sig_form"


@pytest.mark.parametrize("query", ["sig=%ff", "&".join(f"a{n}=1" for n in range(30)) + f"&sig={V1}"])
def test_an_odd_query_is_refused(query: str) -> None:
    assert refused(request(V1_BODY, query=query)) == "sig_form"


def test_the_signature_of_another_body_or_of_another_bot_is_refused_h3() -> None:
    assert refused(request(V1_BODY + b" ", V1)) == "sig_bad"
    assert refused(request(V1_BODY, signed(V1_BODY, "another-token"))) == "sig_bad"


@pytest.mark.parametrize("secrets", [{}, {"auth_token": ""}, {"auth_token": "", "auth_token_previous": ""}])
def test_without_a_token_nothing_is_proven_i27(secrets: dict[str, str]) -> None:
    with pytest.raises(SecretMissing):
        verify(request(V1_BODY, V1), secrets)


def test_two_tokens_are_good_while_support_changes_one_f30() -> None:
    both = {"auth_token": "the-new-one", "auth_token_previous": TOKEN}
    verify(request(V1_BODY, V1), both)
    verify(request(V1_BODY, signed(V1_BODY, "the-new-one")), both)
    assert refused(request(V1_BODY, V1), {"auth_token": "the-new-one", "auth_token_previous": ""}) == "sig_bad"


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 1_599))
def test_a_changed_bit_is_never_accepted(body: bytes, bit: int) -> None:
    signature = signed(body)
    verify(request(body, signature), SECRETS)
    if body:
        changed = bytearray(body)
        changed[bit // 8 % len(body)] ^= 1 << bit % 8
        assert refused(request(bytes(changed), signature)) == "sig_bad"


def test_viber_asks_nothing_by_get() -> None:
    with pytest.raises(ChallengeRefused) as caught:
        challenge(Request("GET", {}, "sig=" + V1, b"", "b1"), SECRETS)
    assert (caught.value.status, caught.value.metric) == (405, "method")


# --- what it is called --------------------------------------------------------------------------


def cut(event: object, path: str = "b1") -> RawEvent:
    (made,) = split(request(json.dumps(event).encode(), path=path))
    return made


@pytest.mark.parametrize(
    ("event", "key"),
    [
        ({"event": "message", "message_token": 6012345678901234568}, "viber#b1#6012345678901234568"),
        ({"event": "subscribed", "message_token": 6012345678901234580}, "viber#b1#6012345678901234580"),
        ({"event": "unsubscribed", "message_token": 6012345678901234581}, "viber#b1#6012345678901234581"),
        (STARTED, "viber#b1#6012345678901234582"),
        (
            {"event": "delivered", "message_token": 6012345678901234590, "user_id": "Qm9i+/=="},
            "viber#b1#6012345678901234590#delivered#Qm9i+/==",
        ),
        (
            {"event": "seen", "message_token": 6012345678901234590, "user_id": "Qm9i+/=="},
            "viber#b1#6012345678901234590#seen#Qm9i+/==",
        ),
        (
            {"event": "failed", "message_token": 6012345678901234590, "user_id": "Qm9i+/=="},
            "viber#b1#6012345678901234590#failed#Qm9i+/==",
        ),
    ],
)
def test_each_thing_that_happens_has_its_own_name(event: dict[str, Any], key: str) -> None:
    made = cut(event)
    assert (made.key, made.kind, made.account_id) == (key, event["event"], "b1")


def test_the_bytes_viber_signed_are_the_bytes_we_keep() -> None:
    (made,) = split(request(V2_BODY))
    assert made.body == V2_BODY


def test_the_bot_is_the_one_in_the_address_because_the_body_names_none() -> None:
    event = {"event": "message", "message_token": 6012345678901234568}
    assert cut(event, "b2").account_id == "b2"
    assert cut(event, "b2").key != cut(event, "b1").key, "tokens are unique within a bot only"


@settings(max_examples=50, deadline=None)
@given(st.integers(2**53, 2**64 - 1))
def test_no_digit_of_a_token_is_lost(token: int) -> None:
    made = cut({"event": "message", "message_token": token})
    assert made.key == f"viber#b1#{token}"
    assert cut({"event": "message", "message_token": str(token)}).key == made.key, (
        "a number written as text is the same"
    )


@settings(max_examples=50, deadline=None)
@given(st.integers(2**53, 2**64 - 2))
def test_neighbouring_tokens_stay_two_messages(token: int) -> None:
    first, second = ({"event": "message", "message_token": n} for n in (token, token + 1))
    assert cut(first).key != cut(second).key


@pytest.mark.parametrize("token", [6.012345678901235e18, 2**64, 0, -1, True, None, "", "12a", "1" * 21, [1], {}])
def test_what_is_no_token_names_nothing(token: object) -> None:
    assert cut({"event": "message", "message_token": token}).key.startswith("viber#b1#other#")


def test_the_event_of_a_new_webhook_is_kept_although_its_numbers_are_swapped() -> None:
    swapped = {"event": "webhook", "timestamp": 6012345678901230000, "message_token": 1795219200000}
    right = {"event": "webhook", "timestamp": 1795219200000, "message_token": 6012345678901230000}
    assert cut(swapped).kind == cut(right).kind == "webhook"
    assert cut(swapped).key != cut(right).key


def test_a_new_kind_cannot_take_the_name_of_a_message_it_mentions() -> None:
    made = cut({"event": "message_pinned", "message_token": 6012345678901234568})
    assert made.key != cut({"event": "message", "message_token": 6012345678901234568}).key
    assert made.kind == "message_pinned"


@pytest.mark.parametrize("user_id", ["../../b2", "a#b", "a b", "a" * 10_000, {"id": "a"}, 7, None, "", "é"])
def test_a_receipt_of_nobody_is_named_after_its_content_h18(user_id: object) -> None:
    made = cut({"event": "seen", "message_token": 6012345678901234590, "user_id": user_id})
    assert made.key.startswith("viber#b1#other#")


GOOD = b'{"event":"message","message_token":6012345678901234568,"message":{"text":"hello"}}'
POISON = {
    "H11 deep": b'{"event":"message","a":' * 70 + b"1" + b"}" * 70,
    "H11 very deep": b"[" * 200_000,
    "H11 not JSON": b"payload=1",
    "H11 trailing garbage": GOOD + b"x",
    "H11 two documents": GOOD + GOOD,
    "H11 BOM": b"\xef\xbb\xbf" + GOOD,
    "H11 empty": b"",
    "H11 array": b"[" + GOOD + b"]",
    "H11 null": b"null",
    "H11 string": b'"event"',
    "H12 NaN": GOOD.replace(b'"hello"', b"NaN"),
    "H12 Infinity": GOOD.replace(b'"hello"', b"-Infinity"),
    "H12 1e999": GOOD.replace(b'"hello"', b"1e999"),
    "H12 31 digits": GOOD.replace(b"6012345678901234568", b"1" * 31),
    "H13 key twice": GOOD.replace(b'"message_token"', b'"event":"seen","message_token"'),
    "H14 not UTF-8": GOOD.replace(b"hello", b"h\xff\xfello"),
    "H14 surrogate in bytes": GOOD.replace(b"hello", b"\xed\xa0\x80"),
    "H18 kind is an object": GOOD.replace(b'"message",', b'{"a":1},', 1),
    "H18 kind is odd": GOOD.replace(b'"message",', b'"../message",', 1),
    "H18 kind of 10,000 characters": GOOD.replace(b'"message",', b'"' + b"m" * 10_000 + b'",', 1),
    "no kind": b'{"message_token":6012345678901234568}',
}


@pytest.mark.parametrize("body", POISON.values(), ids=POISON)
def test_what_the_contract_does_not_describe_is_unreadable(body: bytes) -> None:
    with pytest.raises(UnreadableDelivery) as caught:
        split(request(body))
    assert "6012345678901234568" not in str(caught.value)


@pytest.mark.parametrize("path", ["", "../b1", "b1/b2", "b 1", "pa:1", "b" * 65, "b1\n", "b#1"])
def test_an_address_without_a_bot_is_unreadable_h18(path: str) -> None:
    with pytest.raises(UnreadableDelivery):
        split(request(GOOD, path=path))


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_make_the_door_fall_over(body: bytes) -> None:
    with pytest.raises(UnreadableDelivery):
        split(request(body))


@settings(max_examples=50, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["event", "message_token", "user_id", "sender", "timestamp"]),
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5) | st.just("seen"),
    )
)
def test_no_json_makes_the_door_fall_over(value: dict[str, Any]) -> None:
    try:
        made = cut(value)
    except UnreadableDelivery:
        return
    assert made.key.startswith("viber#b1#")


# --- the welcome --------------------------------------------------------------------------------


def account(**changes: Any) -> dict[str, Any]:
    fields = {"provider": "viber", "id": "b1", "brand": "acme", "platform": "viber", "handle": "acme", "name": "Acme"}
    return Account.model_validate(
        {**fields, "settings": {"welcome": "Hello, how can we help?"}, **changes}
    ).model_dump()


def welcome(event: dict[str, Any], **changes: Any) -> Any:
    made = request(json.dumps(event).encode())
    answer = reply(made, split(made), account(**changes))
    if answer is None:
        return None
    assert (answer.status, answer.content_type) == (200, "application/json")
    return json.loads(answer.body)


def test_who_opens_the_chat_is_welcomed_in_the_answer() -> None:
    assert welcome(STARTED) == {
        "sender": {"name": "Acme"},
        "type": "text",
        "text": "Hello, how can we help?",
        "tracking_data": "welcome",
    }


def test_the_welcome_is_in_any_script() -> None:
    assert welcome(STARTED, settings={"welcome": "Вітаємо 👋"})["text"] == "Вітаємо 👋"


def test_the_name_in_the_welcome_has_at_most_28_characters() -> None:
    assert welcome(STARTED, name="Acme " * 20)["sender"]["name"] == "Acme Acme Acme Acme Acme Acm"
    assert welcome(STARTED, name="")["sender"]["name"] == "acme", "the handle stands in"


def test_a_welcome_longer_than_viber_takes_is_cut() -> None:
    assert welcome(STARTED, settings={"welcome": "a" * 7001})["text"] == "a" * 7000


@pytest.mark.parametrize("setting", [{}, {"welcome": ""}, {"welcome": "  "}, {"welcome": None}, {"welcome": 7}])
def test_without_a_welcome_text_the_answer_is_the_desks(setting: dict[str, Any]) -> None:
    assert welcome(STARTED, settings=setting) is None


@pytest.mark.parametrize("kind", ["message", "subscribed", "delivered", "webhook", "something"])
def test_nothing_else_is_answered(kind: str) -> None:
    assert welcome({**STARTED, "event": kind, "user_id": "Qm9i"}) is None


def test_the_door_imports_nothing_but_the_standard_library_and_us() -> None:
    assert beyond_the_standard_library("hark.providers.viber.door") == {"hark"}


def test_the_header_is_the_documented_one() -> None:
    assert {HEADER} == {"x-viber-content-signature"}
