"""Hostile requests at the real webhook function: rows H1-H9, H19, H21 and H23 of the invariants, section 5A."""

from __future__ import annotations

import base64
import gzip
import hashlib
import hmac
import json
import time
import zlib
from typing import Any

import pytest
from hark import aws, wiring

from infra.expand import read

from .conftest import Door
from .gateway import request
from .x_deliveries import OAUTH2_HEADER, SECRET, deletion, mention, signature

LEGACY = "x-twitter-webhooks-signature"
CONSUMER = "lab-consumer-secret-01"
POST = "2123706425275322373"


def body_of(**more: Any) -> bytes:
    return json.dumps(mention(**more)).encode()


def hmac_of(body: bytes, digest: str, key: str = SECRET) -> bytes:
    return hmac.new(key.encode(), body, digest).digest()


def assert_refused(door: Door, attempts: dict[str, tuple[bytes, dict[str, str]]], status: int, metric: str) -> None:
    """Each attempt gets the same constant answer, leaves nothing behind, and is counted once."""
    answers = {}
    for name, (body, headers) in attempts.items():
        answers[name] = door.post(body, headers)
        assert door.counted() == {metric: 1}, name
    assert door.ledger() == [] and door.quarantine() == set()
    assert {answer["statusCode"] for answer in answers.values()} == {status}, answers
    assert len({json.dumps(answer, sort_keys=True) for answer in answers.values()}) == 1, "constant text, no echo"


def test_h1_a_signature_that_has_not_the_form_of_one_is_refused(door: Door) -> None:
    body = body_of()
    good = signature(body)
    given = {
        "empty": "", "prefix only": "sha256=", "truncated": good[:-1], "half": good[:24], "upper case": good.upper(),
        "two joined": f"{good},{good}", "two joined by comma and space": f"{good}, {good}", "padded": f" {good}",
        "non-ASCII": good[:-2] + "é=", "full-width digits": good.replace("=", "＝"), "hex": f"sha256={'ab' * 32}",
        "line break": good + "\n", "url-safe alphabet": good.replace("+", "-").replace("/", "_") + "-",
    }  # fmt: skip
    attempts = {name: (body, {OAUTH2_HEADER: value}) for name, value in given.items()}
    attempts |= {f"{name}, older header": (body, {LEGACY: value}) for name, value in given.items()}
    assert_refused(door, attempts | {"missing": (body, {})}, 401, "sig_form")


def test_h2_another_scheme_is_refused(door: Door) -> None:
    body = body_of()
    sha1 = base64.b64encode(hmac_of(body, "sha1")).decode()
    sha512 = base64.b64encode(hmac_of(body, "sha512")).decode()
    bare = signature(body).removeprefix("sha256=")
    assert_refused(
        door,
        {
            "sha1 prefix": (body, {OAUTH2_HEADER: f"sha1={sha1}"}),
            "sha1 digest under sha256": (body, {OAUTH2_HEADER: f"sha256={sha1}"}),
            "sha512 digest under sha256": (body, {OAUTH2_HEADER: f"sha256={sha512}"}),
            "no prefix": (body, {OAUTH2_HEADER: bare}),
            "right digest, prefix of sha1": (body, {OAUTH2_HEADER: f"sha1={bare}"}),
            "prefix in upper case": (body, {OAUTH2_HEADER: f"SHA256={bare}"}),
            "Meta's header": (body, {"x-hub-signature-256": "sha256=" + hmac_of(body, "sha256").hex()}),
            "Viber's header": (body, {"x-viber-content-signature": hmac_of(body, "sha256").hex()}),
        },
        401,
        "sig_form",
    )


def test_h3_a_signature_of_something_else_is_refused(door: Door) -> None:
    body = b'{"data": {"event_uuid":"-42","event_type":"dm.received","payload":{"text":"Gr\\u00fc\\/\xc3\x9fe"}}}'
    read_again = json.loads(body)
    assert_refused(
        door,
        {
            "other body": (body, {OAUTH2_HEADER: signature(b"{}")}),
            "one byte more": (body + b" ", {OAUTH2_HEADER: signature(body)}),
            "re-serialised": (body, {OAUTH2_HEADER: signature(json.dumps(read_again).encode())}),
            "compact": (body, {OAUTH2_HEADER: signature(json.dumps(read_again, separators=(",", ":")).encode())}),
            "empty key": (body, {OAUTH2_HEADER: signature(body, "")}),
            "base64 of the body": (body, {OAUTH2_HEADER: signature(base64.b64encode(body))}),
            "the older key in the newer header": (body, {OAUTH2_HEADER: signature(body, CONSUMER)}),
            "the newer key in the older header": (body, {LEGACY: signature(body)}),
            "a right older one does not excuse a wrong newer one": (
                body, {LEGACY: signature(body, CONSUMER), OAUTH2_HEADER: signature(body, "other")},
            ),
        },
        401,
        "sig_bad",
    )  # fmt: skip


def put_secrets(value: str) -> None:
    aws.ssm().put_parameter(Name="/hark/test/x/app", Value=value, Type="SecureString", Overwrite=True)
    wiring.secrets.cache_clear()
    wiring.door.cache_clear()


@pytest.mark.parametrize(
    "kept",
    [
        pytest.param(None, id="no parameter"),
        pytest.param("{}", id="nothing in it"),
        pytest.param('{"consumer_secret": "", "oauth2_client_secret": ""}', id="empty"),
        pytest.param('{"consumer_key": "k"}', id="others only"),
    ],
)
def test_h4_i27_without_a_secret_the_door_stays_shut_and_calls_for_help(door: Door, kept: str | None) -> None:
    put_secrets(kept or "{}")
    if kept is None:
        aws.ssm().delete_parameter(Name="/hark/test/x/app")
    body = body_of()
    for headers in (None, {}, {OAUTH2_HEADER: signature(body, "")}, {LEGACY: signature(body, "None")}):
        answer = door.post(body, headers)
        assert (answer["statusCode"], answer["body"]) == (500, "")
        assert door.counted() == {"no_secret": 1}
    assert door.get("crc_token=abc")["statusCode"] == 500, "a 200 with a wrong token would end the webhook at once"
    assert door.ledger() == []


def test_h5_header_names_in_any_case_are_the_same(door: Door) -> None:
    for number, name in enumerate((OAUTH2_HEADER, OAUTH2_HEADER.upper(), "X-Twitter-Webhooks-Signature-OAuth2")):
        body = body_of(post_id=f"{POST}{number}")
        assert door.post(body, {name: signature(body), "CONTENT-ENCODING": "identity"})["statusCode"] == 200
    assert len(door.ledger()) == 3


def test_h6_the_same_delivery_a_month_later_is_acknowledged_and_changes_nothing(door: Door) -> None:
    body = body_of()
    assert door.post(body)["statusCode"] == 200
    door.desk.fold()
    before = door.desk.items()
    door.counted()
    door.desk.clock.forward(days=31)
    assert door.post(body)["statusCode"] == 200
    assert door.counted() == {"dup": 1}
    door.desk.fold()
    assert door.desk.items() == before


def test_h7_the_gateways_base64_is_undone_or_refused(door: Door) -> None:
    body = body_of()
    text = door.post(body, sent={"body": body.decode(), "isBase64Encoded": False})
    packed = door.post(body, sent={"body": base64.b64encode(body).decode(), "isBase64Encoded": True})
    assert text["statusCode"] == packed["statusCode"] == 200
    assert door.counted() == {"dup": 1}
    for wrong in ("@@@@", "abc", "ü" * 8, base64.b64encode(body).decode() + "=", body.decode()):
        answer = door.post(body, sent={"body": wrong, "isBase64Encoded": True})
        assert (answer["statusCode"], answer["body"]) == (400, "")
        assert door.counted() == {"bad_body": 1}
    assert len(door.ledger()) == 1 and door.quarantine() == set()


def test_h8_a_body_over_a_million_bytes_is_refused(door: Door) -> None:
    limit = 1_000_000
    fits = body_of(text="a" * 999_000)
    fits += b" " * (limit - len(fits))
    assert len(fits) == limit
    assert door.post(fits)["statusCode"] == 200
    assert len(door.ledger()) == 1
    door.counted()
    over = fits + b" "
    for sent in (None, over.decode(), "é" * 600_000):
        answer = door.post(over, sent={"body": sent, "isBase64Encoded": False} if sent else None)
        assert (answer["statusCode"], answer["body"]) == (413, "")
        assert door.counted() == {"too_big": 1}
    assert len(door.ledger()) == 1 and door.quarantine() == set()


def test_h9_a_content_encoding_is_refused_and_never_unpacked(door: Door) -> None:
    body = body_of()
    packed = {"gzip": gzip.compress(body), "x-gzip": gzip.compress(body), "deflate": zlib.compress(body), "br": body,
              "GZIP": gzip.compress(body), "gzip, identity": gzip.compress(body), "zstd": body}  # fmt: skip
    assert_refused(
        door,
        {name: (sent, {OAUTH2_HEADER: signature(sent), "content-encoding": name}) for name, sent in packed.items()}
        | {
            "signed before packing": (gzip.compress(body), {OAUTH2_HEADER: signature(body), "content-encoding": "gzip"})
        },
        415,
        "encoded_body",
    )


def test_h19_an_unknown_route_account_or_method_leaves_nothing(door: Door) -> None:
    body = body_of()
    for path in (
        "/webhooks/telegram",
        "/webhooks/X",
        "/webhooks/..",
        "/webhooks/",
        "/webhooks/contract",
        "/webhooks/x.door",
    ):
        answer = door.desk.call("webhook", request("POST", path, body, {OAUTH2_HEADER: signature(body)}))
        assert (answer["statusCode"], answer["body"]) == (404, ""), path
    for method in ("PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "BREW"):
        answer = door.desk.call("webhook", request(method, "/webhooks/x", body, {OAUTH2_HEADER: signature(body)}))
        assert (answer["statusCode"], answer["headers"]["allow"]) == (405, "GET, POST"), method
    assert door.counted() == {}
    stranger = json.loads(body)
    stranger["data"]["filter"]["user_id"] = "666"
    assert door.post(json.dumps(stranger).encode())["statusCode"] == 200
    assert door.counted() == {"unknown_account": 1}
    assert door.ledger() == [] and door.quarantine() == set()


def test_h21_an_odd_challenge_is_refused_and_a_right_one_answered_in_time(door: Door) -> None:
    for query in (
        "", "nonce=1", "crc_token=", "crc_token=a&crc_token=b", "crc_token=" + "a" * 1025, "crc_token=%00",
        "crc_token=a%0d%0ab", "crc_token=%ff", "&".join(f"a{n}=1" for n in range(50)) + "&crc_token=a", "crc_token[]=a",
    ):  # fmt: skip
        answer = door.get(query)
        assert (answer["statusCode"], answer["body"]) == (400, ""), query
        assert door.counted() == {"crc": 1}, query
    door.get("crc_token=warm")
    began = time.perf_counter()
    answer = door.get("crc_token=a%2Bb%3Dc%2Fd&nonce=%3Cscript%3E")
    assert time.perf_counter() - began < 1
    assert (answer["statusCode"], answer["headers"]["content-type"]) == (200, "application/json")
    assert json.loads(answer["body"]) == {"response_token": "sha256=FHYBEc7cmUY/65OYcnLrnR5hB+NGZyQrRztULxNEvHo="}
    assert door.counted() == {}


def test_h23_i39_a_flood_of_bad_signatures_is_refused_each_time_and_throttled_by_its_own_route(door: Door) -> None:
    body = body_of()
    for _ in range(50):
        assert door.post(body, {OAUTH2_HEADER: signature(body, "guess")})["statusCode"] == 401
    assert door.counted() == {"sig_bad": 50}
    assert door.ledger() == []

    template = read()
    api = template["Resources"]["DeskHttpApi"]["Properties"]
    events = {
        f"{event['Properties']['Method']} {event['Properties']['Path']}": name
        for name, resource in template["Resources"].items()
        for event in resource.get("Properties", {}).get("Events", {}).values()
        if event["Type"] == "HttpApi"
    }
    routes = api["RouteSettings"]
    rating = {"ANY /s/{token}"}  # the other door for strangers
    assert set(routes) == {route for route, name in events.items() if name == "WebhookFunction"} | rating, (
        "the key has to name the route exactly, or it limits nothing"
    )
    (settings,) = {json.dumps(limit): limit for route, limit in routes.items() if route not in rating}.values()
    limits = {"default": api["DefaultRouteSettings"], "webhooks": settings}
    for who, settings in limits.items():
        for bound in ("ThrottlingRateLimit", "ThrottlingBurstLimit"):
            parameter = template["Parameters"][settings[bound]["Ref"]]
            assert 1 <= parameter["Default"] <= 10_000, (who, bound)
    assert limits["default"] != limits["webhooks"], "a flood at the door leaves agents working (I39)"


def test_every_answer_of_the_door_is_plain_and_allows_no_origin_h44(door: Door) -> None:
    foreign = {"origin": "https://evil.example"}
    answers = [
        door.post(body_of()),
        door.post(body_of(), {OAUTH2_HEADER: "sha256=guess", **foreign}),
        door.get("crc_token=abc"),
        door.get(""),
        door.desk.call("webhook", request("OPTIONS", "/webhooks/x", b"", foreign)),
        door.desk.call("webhook", request("POST", "/webhooks/nobody", b"{}", foreign)),
    ]
    assert {answer["statusCode"] for answer in answers} >= {200, 400, 401, 404, 405}
    for answer in answers:
        headers = answer["headers"]
        assert headers["content-type"].split(";")[0] in ("text/plain", "application/json")
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert headers["strict-transport-security"].startswith("max-age=31536000")
        assert not [name for name in headers if name.startswith("access-control")]


def test_what_cannot_be_routed_is_never_acknowledged_unkept(door: Door) -> None:
    body = b'{"data":{"event_type":"some.kind","payload":{"of":"nobody"}}}'
    assert door.post(body)["statusCode"] == 200
    assert door.quarantine() == {body}
    assert door.counted() == {"unrouted": 1}


def test_a_refusal_logs_ids_and_never_a_word_of_the_delivery(door: Door, caplog: pytest.LogCaptureFixture) -> None:
    canary = "canary-4711"
    body = body_of(text=f"@acme {canary}")
    door.post(body, {OAUTH2_HEADER: signature(body, canary), "x-note": canary})
    door.post(canary.encode())
    door.post(body)
    door.post(json.dumps(deletion(POST)).encode())
    said = json.dumps([{k: str(v) for k, v in vars(record).items()} for record in caplog.records])
    assert "webhook.refused" in said and "webhook.quarantined" in said
    assert canary not in said and SECRET not in said
    assert hashlib.sha256(SECRET.encode()).hexdigest() not in said
