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
from hark.web.errors import not_found
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
PLACEHOLDER = b"{{hash}}"


@dataclass(frozen=True)
class Site:
    """Every file the browser may have, by its path below /a/<hash>/, and the page itself."""

    hash: str
    files: dict[str, bytes]
    packed: dict[tuple[str, str], bytes]
    """Compressed forms made when the layer was built, by path and content coding."""
    page: bytes


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
    page = (root / "index.html").read_bytes().replace(PLACEHOLDER, digest.encode())
    return Site(digest, files, packed, page)


@router.get("/")
def page() -> Response[bytes]:
    etag = f'"{sha256(site().page).hexdigest()[:32]}"'
    headers = {"cache-control": "no-cache", "etag": etag}
    if gate.header(router.event, "if-none-match") == etag:
        return Response(304, headers=headers)
    return Response(200, "text/html; charset=utf-8", site().page, headers=headers)


@router.get("/a/<digest>/.+")
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
    accepted = _accepted(gate.header(router.event, "accept-encoding"))
    for coding in ("br", "gzip"):
        if coding not in accepted:
            continue
        small = site().packed.get((name, coding)) or (_gzipped(name) if coding == "gzip" else None)
        if small:
            headers["content-encoding"] = coding
            found = small
            break
    return Response(200, body=found, headers=headers)


def _accepted(header: str) -> set[str]:
    """The content codings that a browser takes: those named, but for those with a weight of nothing (RFC 9110)."""
    parts = [part.replace(" ", "").lower().partition(";") for part in header.split(",")]
    return {coding for coding, _, weight in parts if not NO_WEIGHT.fullmatch(weight)}


@cache
def _gzipped(name: str) -> bytes:
    return gzip.compress(site().files[name], mtime=0)
