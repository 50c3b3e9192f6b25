"""The desk's static files, named by the hash of all of them, so that browsers may keep them for ever."""

import gzip
import re
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from aws_lambda_powertools.event_handler import Response

from hark.settings import settings
from hark.web import gate
from hark.web.contract import ANY_BYTES, ANYBODY, HTML, Contract
from hark.web.errors import not_found
from hark.web.page_language import direction, page_language
from hark.web.router import Router

router = Router()

TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}
NO_WEIGHT = re.compile(r"q=0(\.0{0,3})?")
PLACEHOLDER = re.compile(rb"\{\{(hash|language|direction)\}\}")


@dataclass(frozen=True)
class Site:
    """Every file the browser may have, by its path below /a/<hash>/, and the page itself."""

    hash: str
    files: dict[str, bytes]
    packed: dict[tuple[str, str], bytes]
    """Compressed forms made when the layer was built, by path and content coding."""
    template: bytes
    """Of the page itself."""

    def page(self, language: str) -> bytes:
        """The page in one of the desk's languages: its first bytes name language and direction, so nothing flashes."""
        said = {b"hash": self.hash, b"language": language, b"direction": direction(language)}
        return PLACEHOLDER.sub(lambda found: said[found[1]].encode(), self.template)


@cache
def site() -> Site:
    root = Path(settings().frontend_path)
    files = {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.suffix in TYPES
    }
    packed = {
        (name, coding): (root / f"{name}.{ending}").read_bytes()
        for name in files
        for coding, ending in (("br", "br"), ("gzip", "gz"))
        if (root / f"{name}.{ending}").is_file()
    }
    digest = sha256(b"".join(name.encode() + b"\0" + files[name] for name in sorted(files))).hexdigest()[:16]
    return Site(digest, files, packed, (root / "index.html").read_bytes())


@router.get("/")
@router.keeps(Contract("The page of the desk", {200: HTML, 304: ""}, roles=ANYBODY))
def page() -> Response[bytes]:
    body = site().page(page_language(router.event))
    etag = f'"{sha256(body).hexdigest()[:32]}"'
    headers = {"cache-control": "no-cache", "etag": etag, "vary": "accept-language, cookie"}
    if gate.header(router.event, "if-none-match") == etag:
        return Response(304, headers=headers)
    return Response(200, "text/html; charset=utf-8", body, headers=headers)


@router.get("/a/<digest>/.+")
@router.keeps(Contract("A file of the page", {200: ANY_BYTES}, refuses={404: "not_found"}, roles=ANYBODY))
def file(digest: str) -> Response[bytes]:
    name = str(router.event["rawPath"]).split("/", 3)[3]
    found = site().files.get(name) if digest == site().hash else None
    if found is None:
        raise not_found()
    headers = {
        # In lower case: the resolver would make JSON of the bytes of what it takes for JSON.
        "content-type": TYPES[Path(name).suffix],
        "cache-control": "public, max-age=31536000, immutable",
        "vary": "accept-encoding",
    }
    taken = accepted(gate.header(router.event, "accept-encoding"))
    for coding in ("br", "gzip"):
        if coding not in taken:
            continue
        small = site().packed.get((name, coding)) or (_gzipped(name) if coding == "gzip" else None)
        if small:
            headers["content-encoding"] = coding
            found = small
            break
    return Response(200, body=found, headers=headers)


def accepted(header: str) -> set[str]:
    """The content codings that a browser takes: those named, but for those with a weight of nothing (RFC 9110)."""
    parts = [part.replace(" ", "").lower().partition(";") for part in header.split(",")]
    return {coding for coding, _, weight in parts if not NO_WEIGHT.fullmatch(weight)}


@cache
def _gzipped(name: str) -> bytes:
    return gzip.compress(site().files[name], mtime=0)
