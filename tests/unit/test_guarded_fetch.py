"""The guarded fetcher against a real TLS server: rows H50 to H53, and what a well-behaved site may expect."""

from __future__ import annotations

import gzip
import ipaddress
import socket
import ssl
import time
from collections.abc import Iterator

import pytest
from hark.fetch.address import Blocked, NoSuchHost, is_public, look_up, public_only, target
from hark.fetch.guarded import MAX_BYTES, Fetcher, Gone, Limits, OutOfReach
from hark.fetch.kind import Unfit
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.foreign_site import HOST, PUBLIC, ForeignSite, drip, ok, status, trust
from tests.pictures import png

HOSTS = frozenset({HOST, ".cdn.example.com"})
URL = f"https://{HOST}/a.png"
PNG = png(2, 3)


@pytest.fixture
def site() -> Iterator[ForeignSite]:
    with ForeignSite() as made:
        yield made


def fetcher(site: ForeignSite, *addresses: str, **limits: float) -> Fetcher:
    found = list(addresses or (PUBLIC,))
    return Fetcher(lambda host, seconds: found, site.connect, trust, Limits(**limits))  # type: ignore[arg-type]


# --- the address (H50) --------------------------------------------------------------------------

FORBIDDEN = [
    "http://media.example.com/a", "ftp://media.example.com/a", "file:///etc/passwd", "file://media.example.com/a",
    "gopher://media.example.com/", "//media.example.com/a", "media.example.com/a", "", "https:", "https://",
    "https:/media.example.com/a", "https:media.example.com", "javascript:alert(1)", "data:image/png;base64,AA==",
    "https://169.254.169.254/latest/meta-data/", "https://[fd00:ec2::254]/", "https://127.0.0.1/", "https://[::1]/",
    "https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]/", "https://2130706433/", "https://0x7f000001/",
    "https://017700000001/", "https://0x7f.0.0.1/", "https://0177.0.0.1/", "https://127.1/", "https://0/",
    "https://127.0.0.1.nip.io/", "https://media.example.com.127.0.0.1.nip.io/", "https://localhost/",
    "https://user@media.example.com/", "https://user:pw@media.example.com/", "https://media.example.com@evil.example/",
    "https://media.example.com:pw@evil.example/", "https://evil.example#@media.example.com/",
    "https://evil.example\\@media.example.com/", "https://media.example.com\\.evil.example/", "https://evil.example?media.example.com",
    "https://media.example.com:8443/", "https://media.example.com:80/", "https://media.example.com:0443/",
    "https://media.example.com:/", "https://media.example.com:443:443/", "https://media.example.com.evil.example/",
    "https://evilmedia.example.com/", "https://media.example.com./", "https://.media.example.com/",
    "https://evilcdn.example.com/", "https://cdn.example.com/", "https://..cdn.example.com/", "https://-.cdn.example.com/",
    "https://media.example.com/a b", "https://media.example.com/a\r\nHost: evil", "https://media.example.com/\x00",
    "https://media.example.com\t/", " https://media.example.com/", "https://media.example.com/a\n",
    "https://m\u0435dia.example.com/", "https://media\u3002example.com/", "https://media.example.com/\u00e9",
    "https://media%2eexample.com/", "https://media.example.com%2f@evil.example/", "https://media.example.com/a\\b",
    "https://media.example.com/" + "a" * 4096,
]  # fmt: skip


@pytest.mark.parametrize("url", FORBIDDEN)
def test_h50_an_address_that_is_not_plainly_on_the_list_is_not_asked(site: ForeignSite, url: str) -> None:
    with pytest.raises(Blocked) as refused:
        fetcher(site).fetch(url, HOSTS)
    assert refused.value.reason in ("form", "host")
    assert (site.dialled, site.requests) == ([], [])
    assert str(refused.value) == refused.value.reason, "nothing of the address is in the exception"


@pytest.mark.parametrize(
    ("url", "host", "path"),
    [
        ("https://media.example.com/a.png?x=1&Expires=2", HOST, "/a.png?x=1&Expires=2"),
        ("HTTPS://Media.Example.COM:443/A%20b#@evil.example", HOST, "/A%20b"),
        ("https://media.example.com", HOST, "/"),
        ("https://media.example.com?x=//evil.example/@", HOST, "/?x=//evil.example/@"),
        ("https://scontent.xx.cdn.example.com/v/t1.jpg", "scontent.xx.cdn.example.com", "/v/t1.jpg"),
    ],
)
def test_an_address_on_the_list_is_taken_as_it_is_written(url: str, host: str, path: str) -> None:
    found = target(url, HOSTS)
    assert (found.host, found.path) == (host, path)


def test_an_address_on_no_list_is_not_asked() -> None:
    with pytest.raises(Blocked, match="host"):
        target(URL, ())


@given(st.text(st.sampled_from("abcmediaexamplecom.@:/\\?#%[]0127x-\t\n "), max_size=40), st.booleans())
@settings(max_examples=50, deadline=None)
def test_h50_whatever_is_taken_names_a_host_of_the_list(noise: str, end: bool) -> None:
    url = f"https://{HOST}{noise}" if end else f"https://{noise}{HOST}/"
    try:
        found = target(url, HOSTS)
    except Blocked:
        return
    assert found.host == HOST or found.host.endswith(".cdn.example.com")
    assert found.path.startswith("/")
    assert found.path.isascii()


# --- where the name leads (H50, H51) ------------------------------------------------------------

PRIVATE = [
    "169.254.169.254", "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1",  # noqa: S104
    "192.0.0.8", "192.0.2.1", "192.88.99.1", "198.18.0.1", "203.0.113.9", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::ffff:127.0.0.1", "::ffff:93.184.215.14", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1",
    "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "2002:5db8:d70e::1", "3fff::1", "5f00::1", "fc00::1",
    "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "2606:4700::1%eth0", "localhost", "", "127.1",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_h50_h51_a_name_that_leads_to_no_public_address_is_not_asked(site: ForeignSite, address: str) -> None:
    for addresses in ([address], [PUBLIC, address], [address, PUBLIC]):
        with pytest.raises(Blocked, match="address"):
            fetcher(site, *addresses).fetch(URL, HOSTS)
    assert site.dialled == []


@pytest.mark.parametrize("address", [PUBLIC, "8.8.8.8", "2606:4700:4700::1111", "2a03:2880:f003::1"])
def test_a_public_address_is_one(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses(v=4) | st.ip_addresses(v=6))
@settings(max_examples=50, deadline=None)
def test_what_the_library_calls_private_is_never_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    if not address.is_global or address.is_multicast or address.is_loopback or address.is_link_local:
        assert not is_public(str(address))


def test_h51_the_connection_goes_to_the_checked_address_with_the_right_names(site: ForeignSite) -> None:
    asked: list[str] = []

    def resolve(host: str, seconds: float) -> list[str]:
        asked.append(host)
        return [PUBLIC] if len(asked) == 1 else ["127.0.0.1"]

    site.answers["/a.png?x=1"] = ok(PNG)
    found = Fetcher(resolve, site.connect, trust).fetch(f"{URL}?x=1", HOSTS)
    assert (found.body, found.kind.mime, found.kind.picture) == (PNG, "image/png", True)
    assert asked == [HOST], "looked up once: a second answer could be another one"
    assert site.dialled == [(PUBLIC, 443)]
    assert site.names == [HOST]
    [sent] = site.requests
    lines = sent.decode().split("\r\n")
    assert lines[0] == "GET /a.png?x=1 HTTP/1.1"
    assert sorted(line.partition(":")[0] for line in lines[1:-2]) == [
        "Accept", "Accept-Encoding", "Connection", "Host", "User-Agent",
    ]  # fmt: skip
    assert f"Host: {HOST}" in lines


def test_ipv4_is_tried_first_and_another_address_when_one_is_deaf(site: ForeignSite) -> None:
    tried: list[str] = []

    def connect(address: tuple[str, int], seconds: float) -> socket.socket:
        tried.append(address[0])
        if address[0] == PUBLIC:
            raise ConnectionRefusedError
        return site.connect(address, seconds)

    site.answers["/a.png"] = ok(PNG)
    found = Fetcher(lambda host, seconds: ["2606:4700::1", "2606:4700::2", PUBLIC], connect, trust)
    assert found.fetch(URL, HOSTS).body == PNG
    assert tried == [PUBLIC, "2606:4700::1"]


def test_a_proxy_of_the_machine_is_not_used(site: ForeignSite, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    site.answers["/a.png"] = ok(PNG)
    assert fetcher(site).fetch(URL, HOSTS).body == PNG
    assert site.dialled == [(PUBLIC, 443)]


def test_a_name_without_addresses_is_out_of_reach() -> None:
    with pytest.raises(NoSuchHost):
        public_only([])
    with pytest.raises(NoSuchHost):
        look_up("no-such-host.invalid", 3)


def test_a_resolver_that_hangs_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def hang(*_: object, **__: object) -> list[object]:
        time.sleep(5)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    began = time.monotonic()
    with pytest.raises(OutOfReach):
        Fetcher(limits=Limits(connect=0.1)).fetch(URL, HOSTS)
    assert time.monotonic() - began < 3


def test_a_name_is_looked_up_without_the_search_domains_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def answer(host: str, port: int, **_: object) -> list[object]:
        asked.append(host)
        return [
            (2, 1, 6, "", (PUBLIC, port)),
            (2, 1, 6, "", (PUBLIC, port)),
            (10, 1, 6, "", ("2606:4700::1", port, 0, 0)),
        ]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    assert look_up(HOST, 1) == [PUBLIC, "2606:4700::1"]
    assert asked == [f"{HOST}."]


# --- the certificate ----------------------------------------------------------------------------


def test_a_certificate_for_another_name_is_refused_before_anything_is_said() -> None:
    with ForeignSite(certificate_for="evil.example") as site, pytest.raises(OutOfReach):
        fetcher(site).fetch(URL, HOSTS)
    assert site.requests == []


def test_a_certificate_nobody_trusts_is_refused(site: ForeignSite) -> None:
    with pytest.raises(OutOfReach):
        Fetcher(lambda host, seconds: [PUBLIC], site.connect, ssl.create_default_context).fetch(URL, HOSTS)
    assert site.requests == []


# --- the answer (H51, H52, H53) -----------------------------------------------------------------


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308, 304, 300])
def test_h51_a_redirect_is_not_followed(site: ForeignSite, code: int) -> None:
    site.answers["/a.png"] = status(f"{code} There", f"Location: https://{HOST}/b.png")
    site.answers["/b.png"] = ok(PNG)
    with pytest.raises(Blocked, match="redirect"):
        fetcher(site).fetch(URL, HOSTS)
    assert len(site.requests) == 1


@pytest.mark.parametrize("code", [201, 204, 206, 400, 401, 403, 404, 410, 451])
def test_what_is_not_there_is_gone(site: ForeignSite, code: int) -> None:
    site.answers["/a.png"] = status(f"{code} No")
    with pytest.raises(Gone) as gone:
        fetcher(site).fetch(URL, HOSTS)
    assert gone.value.status == code


@pytest.mark.parametrize("code", [429, 500, 502, 503, 599])
def test_a_site_in_trouble_is_out_of_reach(site: ForeignSite, code: int) -> None:
    site.answers["/a.png"] = status(f"{code} Later")
    with pytest.raises(OutOfReach):
        fetcher(site).fetch(URL, HOSTS)


def test_h52_the_largest_file_is_taken_and_one_byte_more_is_not(site: ForeignSite) -> None:
    whole = PNG + b"\0" * (MAX_BYTES - len(PNG))
    site.answers["/a.png"] = ok(whole)
    assert fetcher(site).fetch(URL, HOSTS).body == whole
    for answer in (ok(whole + b"\0"), ok(b"", length=10_000_000_000), b"HTTP/1.1 200 OK\r\n\r\n" + whole + b"\0"):
        site.answers["/a.png"] = answer
        with pytest.raises(Unfit, match="size"):
            fetcher(site).fetch(URL, HOSTS)


def test_h52_an_endless_body_ends_at_the_limit(site: ForeignSite) -> None:
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        yield b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        while True:
            yield b"10000\r\n" + b"\0" * 65_536 + b"\r\n"
            sent += 65_536

    site.answers["/a.png"] = endless
    with pytest.raises(Unfit, match="size"):
        fetcher(site).fetch(URL, HOSTS)
    assert sent < 4 * MAX_BYTES


@pytest.mark.parametrize(
    "answer",
    [drip(ok(PNG), 0.1), drip(b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 90, 0.1, 8), drip(b"H" * 60_000, 0.1)],
    ids=["body", "headers", "first line"],
)
def test_h52_a_site_that_drips_is_left_in_time(site: ForeignSite, answer: object) -> None:
    site.answers["/a.png"] = answer  # type: ignore[assignment]
    began = time.monotonic()
    with pytest.raises(OutOfReach):
        fetcher(site, whole=0.6).fetch(URL, HOSTS)
    assert time.monotonic() - began < 3


@pytest.mark.parametrize("limits", [{"read": 0.3}, {"whole": 0.6}], ids=["one wait", "everything"])
def test_a_site_that_says_no_more_is_left_in_time(site: ForeignSite, limits: dict[str, float]) -> None:
    site.answers["/a.png"] = drip(b"HH", 8)
    began = time.monotonic()
    with pytest.raises(OutOfReach):
        fetcher(site, **limits).fetch(URL, HOSTS)
    assert time.monotonic() - began < 3


def test_a_site_that_does_not_shake_hands_is_left_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:

        def connect(_: tuple[str, int], seconds: float) -> socket.socket:
            return socket.create_connection(deaf.getsockname(), seconds)

        began = time.monotonic()
        with pytest.raises(OutOfReach):
            Fetcher(lambda host, seconds: [PUBLIC], connect, trust, Limits(connect=0.3)).fetch(URL, HOSTS)
        assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    "answer",
    [
        ok(PNG, length=len(PNG) + 5), b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nGIF",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", b"not HTTP\r\n\r\n", b"", b"HTTP/1.1 2",
        b"HTTP/1.1 200 OK\r\n\r\n" + PNG,
        b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: 1\r\n" % n for n in range(200)) + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * 70_000 + b"\r\n\r\n",
    ],
    ids=[
        "short", "half a chunk", "no chunk", "no HTTP", "nothing", "half a line", "no goodbye", "many headers",
        "long header",
    ],
)  # fmt: skip
def test_h53_half_an_answer_is_none(site: ForeignSite, answer: bytes) -> None:
    site.answers["/a.png"] = answer
    with pytest.raises(OutOfReach):
        fetcher(site).fetch(URL, HOSTS)


def test_chunks_make_one_file(site: ForeignSite) -> None:
    halves = PNG[:20], PNG[20:]
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(half), half) for half in halves)
    site.answers["/a.png"] = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n"
    assert fetcher(site).fetch(URL, HOSTS).body == PNG


@pytest.mark.parametrize("coding", ["gzip", "br", "deflate", "gzip, gzip", "x"])
def test_h52_what_is_packed_on_the_way_is_not_unpacked(site: ForeignSite, coding: str) -> None:
    site.answers["/a.png"] = ok(gzip.compress(b"\0" * 1_000_000), f"Content-Encoding: {coding}")
    with pytest.raises(Unfit, match="encoded"):
        fetcher(site).fetch(URL, HOSTS)
