"""Meta's door against the documented vectors and the hostile inputs of the webhook (rows H1 to H5, H10 to H18, H20)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hark.providers.contract import (
    ChallengeRefused,
    Request,
    SecretMissing,
    SignatureRefused,
    UnreadableDelivery,
)
from hark.providers.meta.door import APP_FIELDS, FIELDS, SIGNED_PER_ACCOUNT, challenge, reply, split, verify
from hark.testkit.imports import beyond_the_standard_library

from .deliveries import PAGE, comment, cut, delivered, item, messaging, page
from .signing import DIGEST_A, DIGEST_B, DIGEST_C, HEADER, SECRET, A, B, C, digest

SECRETS = {"app_secret": SECRET, "verify_token": "ours to choose"}


def signed(body: bytes, hexadecimal: str) -> Request:
    return delivered(body, **{HEADER: f"sha256={hexadecimal}"})


def refusal(request: Request, secrets: dict[str, str] = SECRETS) -> str:
    with pytest.raises(SignatureRefused) as refused:
        verify(request, secrets)
    return refused.value.metric


# --- who signed ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "length", "hexadecimal"),
    [
        pytest.param(A, 294, DIGEST_A, id="A"),
        pytest.param(B, 252, DIGEST_B, id="B"),
        pytest.param(C, 329, DIGEST_C, id="C"),
    ],
)
def test_bytes_that_meta_signed_are_let_in(body: bytes, length: int, hexadecimal: str) -> None:
    assert len(body) == length
    verify(signed(body, hexadecimal), SECRETS)


@pytest.mark.parametrize(
    ("hashed", "hexadecimal"),
    [
        pytest.param(
            json.dumps(json.loads(B)).encode(),
            "3b13df0a129b4f061d8f0073f7de0da8a37b53fd8c4ffd32e39635d91c09a703",
            id="parsed and written anew",
        ),
        pytest.param(
            json.dumps(json.loads(B), separators=(",", ":")).encode(),
            "70297c37ac7d03e6d662256beb9055276022efbcc6d911b37a137d4c7cd42b47",
            id="compact, slashes unescaped",
        ),
        pytest.param(
            json.dumps(json.loads(B), separators=(",", ":"), ensure_ascii=False).encode(),
            "1014cb6f65db1b8797d384ce7aae9437f01b6db835cb6713050c1d1001838384",
            id="compact, real UTF-8",
        ),
        pytest.param(
            base64.b64encode(B), "be494f4c2605bbba3ec48fd1013b462f46aeb6a3f9b496961af7f425e00ebda5", id="still base64"
        ),
    ],
)
def test_a_digest_of_anything_but_the_bytes_that_came_is_refused_h3(hashed: bytes, hexadecimal: str) -> None:
    assert digest(SECRET, hashed) == hexadecimal, "the mistake is the documented one"
    assert refusal(signed(B, hexadecimal)) == "sig_bad"


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("", id="empty"),
        pytest.param(DIGEST_A, id="without prefix"),
        pytest.param(f"sha256={DIGEST_A[:-1]}", id="truncated"),
        pytest.param(f"sha256={DIGEST_A.upper()}", id="upper case"),
        pytest.param(f"SHA256={DIGEST_A}", id="prefix in upper case"),
        pytest.param(f"sha256={DIGEST_A},sha256={DIGEST_A}", id="two joined"),
        pytest.param(f"sha256={DIGEST_A}\n", id="line feed"),
        pytest.param(f"sha256={DIGEST_A[:-1]}٣", id="a digit of another script"),
        pytest.param("sha1=" + hmac.new(SECRET.encode(), A, hashlib.sha1).hexdigest(), id="sha1"),
        pytest.param("sha256=" + hmac.new(SECRET.encode(), A, hashlib.sha1).hexdigest(), id="sha1 as sha256"),
        pytest.param("sha256=" + base64.b64encode(bytes.fromhex(DIGEST_A)).decode(), id="X's form"),
    ],
)
def test_a_signature_of_another_form_is_refused_h1_h2(written: str) -> None:
    assert refusal(delivered(A, **{HEADER: written})) == "sig_form"


def test_the_older_header_proves_nothing() -> None:
    older = hmac.new(SECRET.encode(), A, hashlib.sha1).hexdigest()
    assert refusal(delivered(A, **{"x-hub-signature": f"sha1={older}"})) == "sig_form"


@pytest.mark.parametrize("key", ["", bytes.fromhex(SECRET).decode("latin-1"), SECRET.upper()])
def test_a_signature_under_another_key_is_refused_h3(key: str) -> None:
    assert refusal(signed(A, digest(key, A))) == "sig_bad"


@pytest.mark.parametrize("name", [n for n in APP_FIELDS if "secret" in n])
def test_every_secret_of_the_application_may_sign_while_one_is_being_rotated(name: str) -> None:
    verify(signed(A, DIGEST_A), {"app_secret": "another", name: SECRET})


@pytest.mark.parametrize("name", ["verify_token", "access_token", "app_id"])
def test_no_other_secret_signs(name: str) -> None:
    assert refusal(signed(A, DIGEST_A), {"app_secret": "another", name: SECRET}) == "sig_bad"


@pytest.mark.parametrize("secrets", [{}, {"app_secret": ""}, {"verify_token": "x", "access_token": "y"}])
@pytest.mark.parametrize("path", ["", "data-deletion"])
def test_without_a_secret_nobody_is_let_in_h4(secrets: dict[str, str], path: str) -> None:
    with pytest.raises(SecretMissing):
        verify(Request("POST", {HEADER: f"sha256={digest('', A)}"}, "", A, path), secrets)


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 255))
def test_one_changed_byte_is_enough_to_be_refused(body: bytes, place: int) -> None:
    verify(signed(body, digest(SECRET, body)), SECRETS)
    changed = bytearray(body or b" ")
    changed[place % len(changed)] ^= 1
    assert refusal(signed(bytes(changed), digest(SECRET, body))) == "sig_bad"


# --- the endpoint check -------------------------------------------------------------------------


def asked(*pairs: tuple[str, str]) -> Request:
    return Request("GET", {}, urlencode(pairs), b"")


MODE, TOKEN, DIGITS = (
    ("hub.mode", "subscribe"),
    ("hub.verify_token", "ours to choose"),
    ("hub.challenge", "00158201444"),
)


def test_the_challenge_comes_back_as_it_was_in_plain_text() -> None:
    answer = challenge(asked(MODE, DIGITS, TOKEN, ("other", "1")), SECRETS)
    assert (answer.status, answer.body, answer.content_type) == (200, "00158201444", "text/plain")


@pytest.mark.parametrize(
    "pairs",
    [
        pytest.param([], id="nothing"),
        pytest.param([MODE, TOKEN], id="no challenge"),
        pytest.param([TOKEN, DIGITS], id="no mode"),
        pytest.param([MODE, DIGITS], id="no token"),
        pytest.param([("hub.mode", "unsubscribe"), TOKEN, DIGITS], id="other mode"),
        pytest.param([MODE, ("hub.verify_token", "theirs"), DIGITS], id="wrong token"),
        pytest.param([MODE, ("hub.verify_token", ""), DIGITS], id="empty token"),
        pytest.param([MODE, ("hub.verify_token", "Ours to choose"), DIGITS], id="token in other case"),
        pytest.param([MODE, ("hub.verify_token", "öurs"), DIGITS], id="token not ASCII"),
        pytest.param([MODE, TOKEN, ("hub.challenge", "")], id="empty challenge"),
        pytest.param([MODE, TOKEN, ("hub.challenge", "<script>1</script>")], id="HTML"),
        pytest.param([MODE, TOKEN, ("hub.challenge", "1a")], id="letters"),
        pytest.param([MODE, TOKEN, ("hub.challenge", "-1")], id="sign"),
        pytest.param([MODE, TOKEN, ("hub.challenge", "1\n")], id="line feed"),
        pytest.param([MODE, TOKEN, ("hub.challenge", "١٢")], id="digits of another script"),
        pytest.param([MODE, TOKEN, ("hub.challenge", "1" * 257)], id="huge"),
        pytest.param([MODE, TOKEN, DIGITS, ("hub.challenge", "2")], id="given twice"),
        pytest.param([("hub_mode", "subscribe"), TOKEN, DIGITS], id="a name without dot"),
        pytest.param([MODE, TOKEN, DIGITS, *[(f"a{n}", "") for n in range(30)]], id="thirty fields"),
    ],
)
def test_an_endpoint_check_that_is_not_metas_is_forbidden_h20(pairs: list[tuple[str, str]]) -> None:
    with pytest.raises(ChallengeRefused) as refused:
        challenge(asked(*pairs), SECRETS)
    assert (refused.value.metric, refused.value.status) == ("verify_bad", 403)


def test_a_check_that_is_no_text_is_forbidden() -> None:
    with pytest.raises(ChallengeRefused):
        challenge(Request("GET", {}, "hub.mode=%ff", b""), SECRETS)


@pytest.mark.parametrize("secrets", [{}, {"verify_token": ""}, {"app_secret": SECRET}])
def test_without_a_token_of_our_own_no_check_is_answered_h4(secrets: dict[str, str]) -> None:
    with pytest.raises(SecretMissing):
        challenge(asked(MODE, ("hub.verify_token", ""), DIGITS), secrets)


# --- what came ----------------------------------------------------------------------------------


def test_one_event_keeps_its_bytes() -> None:
    (event,) = split(delivered(B))
    assert (event.key, event.kind, event.account_id, event.body) == (
        f"message:{PAGE}#m_A1",
        "message",
        PAGE,
        B,
    )


def test_every_item_of_every_entry_is_an_event_of_its_own_account() -> None:
    batch = page("feed", comment())
    batch["entry"][0]["changes"].append({"field": "feed", "value": comment(comment_id="555_778")})
    batch["entry"] += messaging(item("read", {"watermark": 1}), item("message", {"mid": "m_1"}))["entry"]
    batch["entry"] += messaging(item("message", {"mid": "m_2"}), section="standby", account="100200300401")["entry"]
    batch["entry"].append({"id": "100200300402", "time": 1, "field": "mention", "value": {"post_id": "1_2"}})
    batch["entry"].append({"id": "100200300403", "time": 1, "changed_fields": ["feed"]})
    found = [(event.kind, event.account_id) for event in cut(batch)]
    assert found == [
        ("feed.comment.add", PAGE),
        ("feed.comment.add", PAGE),
        ("read", PAGE),
        ("message", PAGE),
        ("standby.message", "100200300401"),
        ("mention", "100200300402"),
        ("entry.changed_fields", "100200300403"),
    ]
    for event in cut(batch):
        assert event.body.isascii()
        (again,) = split(delivered(event.body))
        assert (again.key, again.kind, again.account_id) == (event.key, event.kind, event.account_id)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\x1f\x8b\x08\x00", id="H10 gzip"),
        pytest.param(b"[" * 65 + b"]" * 65, id="H11 depth"),
        pytest.param(b"[" * 100_000, id="H11 very deep"),
        pytest.param(A + b"{}", id="H11 garbage after it"),
        pytest.param(b"\xef\xbb\xbf" + A, id="H11 byte order mark"),
        pytest.param(b"[]", id="H11 array"),
        pytest.param(b"null", id="H11 null"),
        pytest.param(b'"x"', id="H11 string"),
        pytest.param(A.replace(b"1795219201", b"NaN"), id="H12 NaN"),
        pytest.param(A.replace(b"1795219201", b"1e999"), id="H12 infinite"),
        pytest.param(A.replace(b"1795219201", b"1" * 31), id="H12 long integer"),
        pytest.param(A.replace(b'"verb"', b'"item"'), id="H13 key twice"),
        pytest.param(A.replace(b"hi", b"\xff"), id="H14 not UTF-8"),
        pytest.param(b"{}", id="no envelope"),
        pytest.param(b'{"object":"page"}', id="no entry"),
        pytest.param(b'{"object":"page","entry":[]}', id="no entries"),
        pytest.param(b'{"object":"page","entry":{}}', id="entries are no list"),
        pytest.param(b'{"object":7,"entry":[{}]}', id="object is no word"),
        pytest.param(b'{"entry":[{"id":"1"}]}', id="no object"),
    ],
)
def test_what_cannot_be_cut_is_kept_whole_and_read_by_a_person_h10_to_h14(body: bytes) -> None:
    with pytest.raises(UnreadableDelivery):
        split(delivered(body))


@pytest.mark.parametrize(
    "poison",
    [
        pytest.param({"field": "feed", "value": comment(comment_id="../etc")}, id="path"),
        pytest.param({"field": "feed", "value": comment(comment_id="555#777")}, id="our separator"),
        pytest.param({"field": "feed", "value": comment(comment_id="555 777")}, id="space"),
        pytest.param({"field": "feed", "value": comment(comment_id="5" * 10_000)}, id="10,000 characters"),
        pytest.param({"field": "feed", "value": comment(comment_id={"id": "5"})}, id="object"),
        pytest.param({"field": "feed", "value": comment(comment_id=True)}, id="truth"),
        pytest.param({"field": "feed", "value": comment(comment_id=None)}, id="missing"),
        pytest.param({"field": "feed", "value": [1]}, id="a list for a value"),
        pytest.param({"field": ["feed"], "value": {}}, id="a list for a field"),
        pytest.param("feed", id="a text for a change"),
        pytest.param(None, id="null for a change"),
        pytest.param({"value": comment()}, id="no field"),
    ],
)
def test_one_poisoned_change_is_cut_out_alone_and_named_after_its_content_h18_i34(poison: object) -> None:
    batch = page("feed", comment())
    batch["entry"][0]["changes"] += [poison, {"field": "feed", "value": comment(comment_id="555_778")}]
    first, bad, last = cut(batch)
    assert (first.key, last.key) == ("comment:555_777", "comment:555_778")
    assert bad.account_id == PAGE
    assert bad.key.startswith("other:")
    batch["entry"][0]["time"] += 60
    assert cut(batch)[1].key == bad.key, "it is the same poison when it comes again"


@pytest.mark.parametrize("entry_id", [None, "", "../x", "1#2", {}, 1.5, "9" * 200])
def test_an_entry_of_no_account_is_cut_out_and_belongs_to_nobody(entry_id: object) -> None:
    batch = page("feed", comment())
    batch["entry"].append({**batch["entry"][0], "id": entry_id})
    first, stray = cut(batch)
    assert (first.account_id, stray.account_id) == (PAGE, "")
    assert json.loads(stray.body)["entry"][0]["id"] == entry_id


@pytest.mark.parametrize("entry", [None, 7, "x", [], [{}]])
def test_an_entry_that_is_none_stops_only_itself(entry: object) -> None:
    batch = page("feed", comment())
    batch["entry"].append(entry)
    assert [event.account_id for event in cut(batch)] == [PAGE, ""]


def test_ids_written_as_numbers_are_the_same_ids() -> None:
    batch = page("feed", comment(comment_id=777))
    batch["entry"][0]["id"] = int(PAGE)
    (event,) = cut(batch)
    assert (event.key, event.account_id) == ("comment:777", PAGE)


@settings(max_examples=50, deadline=None)
@given(st.text(st.characters(codec=None, exclude_categories=()), max_size=40))
def test_any_text_survives_the_cutting_of_a_batch(text: str) -> None:
    batch = page("feed", comment(message=text))
    batch["entry"][0]["changes"] *= 2
    assert [json.loads(e.body)["entry"][0]["changes"][0]["value"]["message"] for e in cut(batch)] == [text, text]


def test_a_delivery_is_answered_with_nothing_special() -> None:
    assert reply(delivered(A, host="desk.example"), split(delivered(A)), {}) is None


def test_the_names_of_all_secrets_are_known_and_the_applications_sign() -> None:
    assert set(APP_FIELDS) < set(FIELDS)
    assert "access_token" in FIELDS
    assert SIGNED_PER_ACCOUNT is False


def test_the_door_needs_nothing_but_the_standard_library() -> None:
    assert beyond_the_standard_library("hark.providers.meta.door") == {"hark"}
