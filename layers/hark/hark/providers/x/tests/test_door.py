"""X's door against the contract's vectors and the hostile inputs of the webhook (rows H1 to H5, H10 to H18, H21)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hark.providers.contract import OF_THE_APP, ChallengeRefused, SecretMissing, SignatureRefused, UnreadableDelivery
from hark.providers.x.door import APP_FIELDS, FIELDS, SIGNED_PER_ACCOUNT, challenge, verify
from hark.testkit.imports import beyond_the_standard_library

from .signing import BODY, BOTH, CONSUMER, H1, H2, OAUTH2, S1, S2, check, delivery, signed, split


def token_for(query: str, secrets: dict[str, str]) -> str:
    answer = challenge(check(query), secrets)
    assert (answer.status, answer.content_type) == (200, "application/json")
    token = json.loads(answer.body)["response_token"]
    assert isinstance(token, str)
    return token


@pytest.mark.parametrize(
    ("query", "secrets", "token"),
    [
        pytest.param("crc_token=N2Zk-crc_9f31", BOTH, "sha256=vkAu4/MAx015ZMnNvO18v2YUQlP/5rxqOGtXkTaKVH0=", id="C1"),
        pytest.param(
            "crc_token=N2Zk-crc_9f31&nonce=7",
            {"consumer_secret": CONSUMER},
            "sha256=ysInqETAoHdK+GAfXBrnNLohtay1IOcCx79SCbhmJQM=",
            id="C2",
        ),
        pytest.param("crc_token=a%2Bb%3Dc%2Fd", BOTH, "sha256=FHYBEc7cmUY/65OYcnLrnR5hB+NGZyQrRztULxNEvHo=", id="C3"),
        pytest.param("crc_token=a+b%3Dc%2Fd", BOTH, "sha256=ZslSpLdkSpGo0LblZz6Z2xnM34oPk+AYDbBjmCG3kxo=", id="C4"),
    ],
)
def test_a_challenge_is_answered_as_x_computes_it(query: str, secrets: dict[str, str], token: str) -> None:
    assert token_for(query, secrets) == token


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("", id="no query"),
        pytest.param("nonce=1", id="missing"),
        pytest.param("crc_token=", id="empty"),
        pytest.param("crc_token=a&crc_token=b", id="given twice"),
        pytest.param("crc_token=" + "a" * 1025, id="huge"),
        pytest.param("crc_token=%00", id="NUL"),
        pytest.param("crc_token=a%0D%0Ab", id="line break"),
        pytest.param("crc_token=%FF%FE", id="not UTF-8"),
        pytest.param("&".join(f"a{n}=1" for n in range(30)) + "&crc_token=a", id="thirty fields"),
    ],
)
def test_an_odd_challenge_is_refused_h21(query: str) -> None:
    with pytest.raises(ChallengeRefused):
        challenge(check(query), BOTH)


def test_a_challenge_of_1024_characters_is_still_answered() -> None:
    assert token_for("crc_token=" + "a" * 1024, BOTH) == signed(OAUTH2, b"a" * 1024)


@given(st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=60))
def test_any_challenge_is_signed_over_its_decoded_text(token: str) -> None:
    assert token_for("crc_token=" + quote(token, safe=""), BOTH) == signed(OAUTH2, token.encode())


@pytest.mark.parametrize("secrets", [{}, {"consumer_secret": "", "oauth2_client_secret": ""}])
def test_without_a_secret_nothing_is_answered_or_let_in_h4(secrets: dict[str, str]) -> None:
    with pytest.raises(SecretMissing):
        challenge(check("crc_token=abc"), secrets)
    with pytest.raises(SecretMissing):
        verify(delivery(BODY, {H2: S1, H1: S2}), secrets)
    with pytest.raises(SecretMissing):
        verify(delivery(BODY, {H2: signed_with_empty_key(BODY)}), secrets)


def signed_with_empty_key(body: bytes) -> str:
    return "sha256=" + base64.b64encode(hmac.new(b"", body, hashlib.sha256).digest()).decode()


def test_the_vector_body_is_the_one_of_the_contract() -> None:
    assert len(BODY) == 95


@pytest.mark.parametrize(
    ("headers", "secrets"),
    [
        pytest.param({H2: S1}, BOTH, id="S1"),
        pytest.param({H1: S2}, BOTH, id="S2"),
        pytest.param({H1: S2}, {"consumer_secret": CONSUMER}, id="S2 with the older key alone"),
        pytest.param({H2: S1, H1: S2}, BOTH, id="both right"),
        pytest.param({H2: S1, H1: "sha256=nonsense"}, BOTH, id="the newer one counts alone"),
        pytest.param({H2: "sha256=nonsense", H1: S2}, {"consumer_secret": CONSUMER}, id="no key for the newer one"),
        pytest.param({H2: S1}, {"oauth2_client_secret": "new", "oauth2_client_secret_previous": OAUTH2}, id="F30 h2"),
        pytest.param({H1: S2}, {"consumer_secret": "new", "consumer_secret_previous": CONSUMER}, id="F30 h1"),
    ],
)
def test_a_right_signature_opens_the_door(headers: dict[str, str], secrets: dict[str, str]) -> None:
    verify(delivery(BODY, headers), secrets)


def test_after_a_rotation_only_the_new_secret_opens_the_door_f30() -> None:
    with pytest.raises(SignatureRefused):
        verify(delivery(BODY, {H2: S1}), {"oauth2_client_secret": "new"})
    verify(
        delivery(BODY, {H2: signed("new", BODY)}),
        {"oauth2_client_secret": "new", "oauth2_client_secret_previous": OAUTH2},
    )


S3 = "sha256=/bGut52SbWYjgwzceyeJML/BbCvWjmxYtbqbGEXPUhk="
S4 = "sha256=i56Li52QwQzdFlpvEKK8946eRqulShaalnwO5aCYEoM="
SHA1 = base64.b64encode(hmac.new(OAUTH2.encode(), BODY, hashlib.sha1).digest()).decode()
HEX = hmac.new(OAUTH2.encode(), BODY, hashlib.sha256).hexdigest()


@pytest.mark.parametrize(
    ("headers", "metric"),
    [
        pytest.param({H2: S3}, "sig_bad", id="S3 of re-serialised JSON"),
        pytest.param({H2: S4}, "sig_bad", id="S4 of compact JSON"),
        pytest.param({H1: S2, H2: signed("wrong", BODY)}, "sig_bad", id="S5 no fallback"),
        pytest.param({H1: S2, H2: ""}, "sig_form", id="an empty newer one is no excuse"),
        pytest.param({H2: signed(OAUTH2, BODY + b" ")}, "sig_bad", id="H3 of another body"),
        pytest.param({H2: S2}, "sig_bad", id="H3 of the other key"),
        pytest.param({H2: signed_with_empty_key(BODY)}, "sig_bad", id="H3 with the empty key"),
        pytest.param({}, "sig_form", id="H1 missing"),
        pytest.param({H2: ""}, "sig_form", id="H1 empty"),
        pytest.param({H2: S1[:-1]}, "sig_form", id="H1 truncated"),
        pytest.param({H2: S1[:20]}, "sig_form", id="H1 cut in half"),
        pytest.param({H2: S1.upper()}, "sig_form", id="H1 upper case"),
        pytest.param({H2: f"{S1},{S1}"}, "sig_form", id="H1 two joined"),
        pytest.param({H2: S1.replace("6", "б")}, "sig_form", id="H1 non-ASCII"),
        pytest.param({H2: S1 + "\n"}, "sig_form", id="H1 line end"),
        pytest.param({H2: S1.replace("sha256", "sha1")}, "sig_form", id="H2 other prefix"),
        pytest.param({H2: S1.removeprefix("sha256=")}, "sig_form", id="H2 no prefix"),
        pytest.param({H2: "sha256=" + SHA1}, "sig_form", id="H2 sha1 under sha256"),
        pytest.param({H2: "sha256=" + HEX}, "sig_form", id="H2 Meta's scheme"),
        pytest.param({"x-viber-content-signature": HEX}, "sig_form", id="H2 Viber's scheme"),
    ],
)
def test_a_wrong_signature_is_refused(headers: dict[str, str], metric: str) -> None:
    with pytest.raises(SignatureRefused) as refused:
        verify(delivery(BODY, headers), BOTH)
    assert refused.value.metric == metric


@given(st.binary(max_size=200), st.integers(0, 199), st.integers(1, 255))
def test_no_body_with_one_changed_byte_passes(body: bytes, at: int, change: int) -> None:
    verify(delivery(body, {H2: signed(OAUTH2, body)}), BOTH)
    changed = bytearray(body or b"x")
    changed[at % len(changed)] ^= change if body else 0
    with pytest.raises(SignatureRefused):
        verify(delivery(bytes(changed), {H2: signed(OAUTH2, body)}), BOTH)


def post(**changes: object) -> bytes:
    payload = {"id": "2123706425275322373", "text": "hello", "author_id": "7770002"} | changes
    envelope = {"filter": {"user_id": "5550001"}, "event_type": "post.mention.create", "payload": payload}
    return json.dumps({"data": envelope}).encode()


POISON = {
    "H10 gzip bytes": b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xab\x56\x0a\x00",
    "H11 deep": b'{"data":' * 70 + b"1" + b"}" * 70,
    "H11 very deep": b"[" * 200_000,
    "H11 not JSON": b"payload=1",
    "H11 trailing garbage": post() + b"x",
    "H11 two documents": post() + post(),
    "H11 BOM": b"\xef\xbb\xbf" + post(),
    "H11 empty": b"",
    "H11 array": b"[" + post() + b"]",
    "H11 null": b"null",
    "H11 string": b'"data"',
    "H12 NaN": post(score=float("nan")),
    "H12 Infinity": post(score=float("-inf")),
    "H12 1e999": post().replace(b'"hello"', b'"hello","score":-1e999'),
    "H12 31 digits": post(score=10**30),
    "H12 10,000 digits": post().replace(b'"hello"', b'"hello","score":' + b"9" * 10_000),
    "H13 key twice": post().replace(b'"text"', b'"id":"1","text"'),
    "H14 not UTF-8": post().replace(b"hello", b"h\xff\xfello"),
    "H14 surrogate in bytes": post().replace(b"hello", b"\xed\xa0\x80"),
    "H18 path": post(id="../../1"),
    "H18 hash": post(id="1#2"),
    "H18 space": post(id="1 2"),
    "H18 line end": post(id="1\n"),
    "H18 10,000 characters": post(id="1" * 10_000),
    "H18 26 digits": post(id="1" * 26),
    "H18 Arabic digits": post(id="١٢٣"),
    "H18 object": post(id={"$gt": ""}),
    "H18 number": post(id=2123706425275322373),
    "H18 no id": post(id=None),
    "H18 account": post().replace(b'"5550001"', b'{"user_id":"5550001"}'),
    "no account": post().replace(b'"user_id"', b'"direction"'),
    "no kind": post().replace(b'"event_type"', b'"type"'),
    "odd kind": post().replace(b"post.mention.create", b"post mention\\u0000"),
    "no payload": b'{"data":{"event_type":"post.create","filter":{"user_id":"1"}}}',
    "unknown envelope": b'{"hello":"world"}',
    "empty list": b'{"for_user_id":"5550001","tweet_create_events":[]}',
    "list of lists": b'{"for_user_id":"5550001","tweet_create_events":[[]]}',
    "DM without events": BODY,
}


@pytest.mark.parametrize("body", POISON.values(), ids=POISON)
def test_what_the_contract_does_not_describe_is_unreadable(body: bytes) -> None:
    with pytest.raises(UnreadableDelivery) as refused:
        split(body)
    assert "2123706425275322373" not in str(refused.value)


@given(st.binary(max_size=300))
def test_no_bytes_make_the_door_fall_over(body: bytes) -> None:
    with pytest.raises(UnreadableDelivery):
        split(body)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["data", "payload", "filter", "event_type", "user_id", "id", "tweet_create_events"]),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_no_json_makes_the_door_fall_over(value: object) -> None:
    try:
        events = split(json.dumps(value).encode())
    except UnreadableDelivery:
        return
    assert events


def test_a_limit_is_no_refusal() -> None:
    deep: object = 1
    for _ in range(61):  # 61 and the envelope's three are 64.
        deep = [deep]
    assert split(post(extra=deep, score=10**30 - 1, id="1" * 25))[0].key == "post:" + "1" * 25


@pytest.mark.parametrize("kind", ["post.mention.create", "post.reply.create", "post.quote.create", "post.create"])
def test_every_way_of_hearing_of_a_post_has_the_same_key(kind: str) -> None:
    body = post().replace(b"post.mention.create", kind.encode())
    (event,) = split(body)
    assert (event.key, event.kind, event.account_id) == ("post:2123706425275322373", kind, "5550001")
    assert event.body == body, "the bytes X signed are the bytes we keep"


def test_a_new_kind_is_kept_and_cannot_take_the_key_of_a_post_it_names() -> None:
    body = post().replace(b"post.mention.create", b"post.bookmark.create")
    (event,) = split(body)
    assert (event.key, event.kind) == ("other:" + hashlib.sha256(body).hexdigest(), "post.bookmark.create")


def test_a_deletion_by_a_customer_we_follow_is_filed_under_the_account_in_our_tag() -> None:
    body = (
        b'{"data":{"filter":{"user_id":"7770002"},"event_type":"post.delete","tag":"account:5550001",'
        b'"payload":{"id":"2123706425275322373","author_id":"7770002"}}}'
    )
    (event,) = split(body)
    assert (event.key, event.account_id) == ("del:2123706425275322373", "5550001")


def test_several_direct_messages_in_one_delivery_are_cut_apart() -> None:
    entries = [{"id": str(n), "message_create": {"message_data": {"text": "\ud800"}}} for n in (1, 2)]
    envelope = {"filter": {"user_id": "5550001"}, "event_type": "dm.received", "payload": {}, "tag": "t"}
    envelope["payload"] = {"direct_message_events": entries, "users": {"7770002": {}}}
    first, second = split(json.dumps({"data": envelope}).encode())
    assert (first.key, second.key) == ("dm:1", "dm:2")
    data = json.loads(second.body)["data"]
    assert data["payload"] == {"direct_message_events": [entries[1]], "users": {"7770002": {}}}
    assert data["tag"] == "t"
    assert split(second.body) == [second], "a piece is itself a delivery"


@pytest.mark.parametrize("bad", [{"id": "../1"}, {"id": 7}, {}, {"id": "1" * 26}, None, 7, []])
def test_one_broken_message_does_not_stop_the_others_of_its_delivery_i34(bad: object) -> None:
    entries = [{"id": "1"}, bad, {"id": "3"}]
    data = {
        "filter": {"user_id": "5550001"},
        "event_type": "dm.received",
        "payload": {"direct_message_events": entries},
    }
    first, broken, last = split(json.dumps({"data": data}).encode())
    assert (first.key, last.key) == ("dm:1", "dm:3")
    assert broken.key.startswith("other:")
    old = {"for_user_id": "5550001", "direct_message_events": entries}
    assert [event.key[:3] for event in split(json.dumps(old).encode())] == ["dm:", "oth", "dm:"]


def test_an_encrypted_message_is_known_by_its_own_name() -> None:
    def keyed(own_id: object) -> str:
        payload = {"id": own_id, "sender_id": "7770002"}
        data = {"filter": {"user_id": "5550001"}, "event_type": "chat.received", "payload": payload}
        return split(json.dumps({"data": data}).encode())[0].key

    assert keyed("0f8e-uuid") == "chat:0f8e-uuid"
    assert keyed("a b").startswith("other:")
    assert keyed(None).startswith("other:")


def test_news_of_a_replay_concern_the_application_and_no_account() -> None:
    (event,) = split(b'{"replay_job_status":{"webhook_id":"9001","job_state":"Complete","job_id":"44"}}')
    assert (event.account_id, event.kind) == (OF_THE_APP, "replay_job_status")


def test_the_secrets_of_the_application_are_told_from_those_of_the_account() -> None:
    assert set(FIELDS) - set(APP_FIELDS) == {"access_token", "access_token_secret"}
    assert not SIGNED_PER_ACCOUNT


def test_the_old_envelope_is_cut_into_one_event_per_entry() -> None:
    delivery = {
        "for_user_id": "5550001",
        "users": {"7770002": {"id": "7770002"}},
        "tweet_create_events": [{"id_str": "11", "id": 11}, {"id_str": "12"}],
        "favorite_events": [{"id": "a1"}],
    }
    events = split(json.dumps(delivery).encode())
    assert [e.key for e in events[:2]] == ["post:11", "post:12"]
    assert [e.kind for e in events] == ["aaa.tweet_create", "aaa.tweet_create", "aaa.favorite"]
    assert json.loads(events[1].body) == {
        "for_user_id": "5550001",
        "users": {"7770002": {"id": "7770002"}},
        "tweet_create_events": [{"id_str": "12"}],
    }
    assert [split(e.body) for e in events] == [[e] for e in events]


def test_the_door_imports_nothing_but_the_standard_library_and_us() -> None:
    assert beyond_the_standard_library("hark.providers.x.door") == {"hark"}
