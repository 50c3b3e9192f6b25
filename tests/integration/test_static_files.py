"""The desk's files: named by what they hold, kept for ever, and nothing else on the disk can be had."""

from __future__ import annotations

import base64
import gzip
import json
import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from hark.web import files

from .browser import Browser
from .conftest import ROOT, Desk
from .gateway import request

PAGE = (
    b'<!doctype html><html lang="{{language}}" dir="{{direction}}">'
    b'<link href="/a/{{hash}}/i18n/{{language}}.json"><script type="module" src="/a/{{hash}}/app.js"></script>'
)
FILES = {
    "index.html": PAGE, "app.js": b"a();" * 100,
    "core/api.js": b"b();" * 100, "style.css": b"c {}" * 100, "i18n/en.json": b'{"d": "e"}', "icon.svg": b"<svg/>",
    "pixel.png": b"\x89PNG\r\n\x1a\n\xff", "Makefile": b"secret", "README.md": b"secret", ".env": b"secret",
    "tests/page.html": b"secret", "app.js.br": b"packed as br", "app.js.gz": b"packed as gzip", "name": b"secret",
}  # fmt: skip


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A site of our own, beside something that must not be had."""
    (tmp_path / "outside.js").write_bytes(b"secret")
    folder = tmp_path / "frontend"
    for name, content in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    yield folder
    files.site.cache_clear()
    files._gzipped.cache_clear()


@pytest.fixture
def browser(desk: Desk, root: Path, monkeypatch: pytest.MonkeyPatch) -> Browser:
    monkeypatch.setenv("FRONTEND_PATH", str(root))
    files.site.cache_clear()
    files._gzipped.cache_clear()
    return Browser(desk)


def fetched(
    browser: Browser, name: str, accept: str = "", digest: str | None = None
) -> tuple[int, dict[str, str], bytes]:
    path = f"/a/{files.site().hash if digest is None else digest}/{name}"
    answer = browser.desk.call("desk_api", request("GET", path, "", {"Accept-Encoding": accept} if accept else {}))
    body = base64.b64decode(answer["body"]) if answer["isBase64Encoded"] else answer["body"].encode()
    return answer["statusCode"], {n.lower(): v for n, v in answer["headers"].items()}, body


def test_a_file_is_sent_as_it_is_with_its_type_and_may_be_kept_for_ever(browser: Browser) -> None:
    types = {
        "app.js": "text/javascript; charset=utf-8", "core/api.js": "text/javascript; charset=utf-8",
        "style.css": "text/css; charset=utf-8", "i18n/en.json": "application/json", "icon.svg": "image/svg+xml",
        "pixel.png": "image/png",
    }  # fmt: skip
    for name, type_ in types.items():
        status, headers, body = fetched(browser, name)
        assert (status, body) == (200, FILES[name]), name
        assert headers["content-type"] == type_
        assert headers["cache-control"] == "public, max-age=31536000, immutable"
        assert headers["vary"] == "accept-encoding"
        assert headers["x-content-type-options"] == "nosniff"
        assert "content-encoding" not in headers and "set-cookie" not in headers


def test_what_is_no_file_of_the_site_is_not_there(browser: Browser) -> None:
    for name in (
        "", "nothing.js", "../outside.js", "core/../app.js", "..%2foutside.js", "%2e%2e/outside.js", "./app.js",
        "/app.js", "app.js/", "app.js%00", "app.js?x", "APP.JS", "core", "core/", "index.html", "Makefile", "README.md",
        ".env", "tests/page.html", "app.js.br", "app.js.gz", "name", "//etc/passwd", "/etc/passwd", "..\\outside.js",
        "app.js\n", "a" * 5000, "é.js", "{{hash}}",
    ):  # fmt: skip
        status, headers, body = fetched(browser, name)
        assert status == 404, name
        assert json.loads(body)["code"] == "not_found" and b"secret" not in body
        assert headers["cache-control"] == "no-store", "that it is not there now is not for ever"


def test_a_file_of_another_edition_is_not_there(browser: Browser) -> None:
    for digest in ("0" * 16, "", "..", files.site().hash.upper(), files.site().hash + "0", "{{hash}}", "%2e%2e"):
        assert fetched(browser, "app.js", digest=digest)[0] == 404, digest


def test_another_content_or_name_is_another_edition(browser: Browser, root: Path) -> None:
    editions = {files.site().hash}
    for name, content in (("app.js", b"other"), ("new.js", b""), ("core/api.js", b"a();" * 100)):
        (root / name).write_bytes(content)
        files.site.cache_clear()
        editions.add(files.site().hash)
    (root / "style.css").rename(root / "styles.css")
    files.site.cache_clear()
    editions.add(files.site().hash)
    assert len(editions) == 5
    assert all(re.fullmatch(r"[0-9a-f]{16}", edition) for edition in editions)
    (root / "README.md").write_bytes(b"other")
    files.site.cache_clear()
    assert files.site().hash in editions, "what is not served does not count"


def test_the_packed_form_goes_to_who_can_read_it(browser: Browser) -> None:
    wanted = {
        "br": "br", "gzip": "gzip", "gzip, deflate, br, zstd": "br", "br;q=1.0, gzip;q=0.5": "br", "GZIP": "gzip",
        "deflate, gzip;q=0.1": "gzip", "": None, "identity": None, "zstd": None, "brotli": None, "x-br": None,
        "br;q=0": None, "br;q=0, gzip": "gzip", "gzip;q=0.000, br;q=0.0": None, "br; q=0 , gzip ; q=1": "gzip",
    }  # fmt: skip
    for accept, coding in wanted.items():
        status, headers, body = fetched(browser, "app.js", accept)
        assert (status, headers.get("content-encoding")) == (200, coding), accept
        assert body == {"br": b"packed as br", "gzip": b"packed as gzip", None: FILES["app.js"]}[coding]
        assert headers["content-type"] == "text/javascript; charset=utf-8"


def test_what_was_not_packed_beforehand_is_packed_with_gzip(browser: Browser) -> None:
    for name in ("style.css", "i18n/en.json"):
        _, headers, body = fetched(browser, name, "br, gzip")
        assert headers["content-encoding"] == "gzip"
        assert gzip.decompress(body) == FILES[name]


def test_the_page_names_this_edition_and_is_asked_for_anew_each_time(browser: Browser, root: Path) -> None:
    page = browser.ask("GET", "/")
    assert (page.status, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert page.headers["cache-control"] == "no-cache"
    assert f"/a/{files.site().hash}/app.js" in page.body and "{{" not in page.body
    etag = page.headers["etag"]
    again = browser.ask("GET", "/", headers={"if-none-match": etag})
    assert (again.status, again.body, again.headers["etag"]) == (304, "", etag)
    (root / "app.js").write_bytes(b"other")
    files.site.cache_clear()
    assert browser.ask("GET", "/", headers={"if-none-match": etag}).status == 200


def test_the_page_comes_in_the_language_of_the_device_or_else_of_the_browser(browser: Browser) -> None:
    asked = {
        "": "en", "de-DE,de;q=0.9": "en", "*": "en", "lv-LV,lv;q=0.9,en;q=0.8": "lv", "RU": "ru", "ms-MY": "ms",
        "en;q=0.4, he-IL;q=0.7, ar;q=0.6": "he", "iw": "he", "de, ar-EG;q=0.2": "ar", "ru;q=0, en": "en",
        "lv;q=much, ms;q=0.1": "ms", "ru;q=7, lv": "lv", "en-GB,ru": "en", "q=1;;,,": "en",
    }  # fmt: skip
    for accept, language in asked.items():
        page = browser.ask("GET", "/", headers={"accept-language": accept})
        way = "rtl" if language in ("he", "ar") else "ltr"
        assert f'<html lang="{language}" dir="{way}">' in page.body, accept
        assert f"/i18n/{language}.json" in page.body and "{{" not in page.body
        assert page.headers["vary"] == "accept-language, cookie"
    chosen = Browser(browser.desk, cookies=["desk-language=lv", "other=ru"])
    latvian = chosen.ask("GET", "/", headers={"accept-language": "ru"})
    assert '<html lang="lv" dir="ltr">' in latvian.body
    for nonsense in ("xx", "", '"><script>', "lv-LV"):
        page = Browser(browser.desk, cookies=[f"desk-language={nonsense}"]).ask(
            "GET", "/", headers={"accept-language": "ru"}
        )
        assert '<html lang="ru" dir="ltr">' in page.body and "script>&" not in page.body
    etag = latvian.headers["etag"]
    assert chosen.ask("GET", "/", headers={"if-none-match": etag, "accept-language": "ru"}).status == 304
    assert browser.ask("GET", "/", headers={"if-none-match": etag, "accept-language": "ru"}).status == 200


def test_the_page_of_the_desk_names_only_files_that_are_there(desk: Desk, sign_in: Callable[..., Any]) -> None:
    browser = sign_in()
    page = browser.ask("GET", "/").body
    named = [unescape(address) for address in re.findall(r'(?:href|src)="(/[^"]+)"', page)]
    assert len(named) > 3
    for address in named:
        path, _, query = address.partition("?")
        assert browser.ask("GET", path, query).status == 200, address
    assert "<script>" not in page and "style=" not in page and " onload=" not in page
    assert not re.search(r"https?://", page), "nothing from elsewhere"


def test_every_file_of_the_desk_can_be_had(desk: Desk) -> None:
    folder = ROOT / "frontend"
    site = files.site()
    assert {"app.js", "style.css", "i18n/en.json", "icon.svg"} <= set(site.files)
    for name in site.files:
        status, _, body = fetched(Browser(desk), name)
        assert (status, body) == (200, (folder / name).read_bytes()), name
