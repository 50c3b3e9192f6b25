"""What a file is, by its bytes. What somebody says that it is does not count, and what is not known is not taken."""

from __future__ import annotations

from dataclasses import dataclass

from hark.fetch import picture

MAX_PIXELS = 40_000_000
MAX_SIDE = 16_384
"""A picture decoded in an agent's browser takes four bytes per pixel, however small its file is (H52)."""


class Unfit(Exception):
    """Nothing that people may be shown or given. `reason` is a word for logs.

    `size`, `encoded` (compressed on the way), `empty`, `type` (on no list), `pixels`, `broken` (no picture after all).
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of file. `endings` are those a name may have, the usual one first; `picture`: shown, not only given."""

    mime: str
    endings: tuple[str, ...]
    picture: bool = False


JPEG = Kind("image/jpeg", ("jpg", "jpeg"), True)
PNG = Kind("image/png", ("png",), True)
GIF = Kind("image/gif", ("gif",), True)
WEBP = Kind("image/webp", ("webp",), True)
MP4 = Kind("video/mp4", ("mp4", "m4v"))
M4A = Kind("audio/mp4", ("m4a",))
TEXT = Kind("text/plain; charset=utf-8", ("txt", "csv", "log"))

_BY_BEGINNING: tuple[tuple[bytes, Kind], ...] = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"%PDF-", Kind("application/pdf", ("pdf",))),
    (b"PK\x03\x04", Kind("application/zip", ("zip", "docx", "xlsx", "pptx", "odt", "ods", "odp"))),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Kind("application/x-ole-storage", ("doc", "xls", "ppt"))),
    (b"{\\rtf", Kind("application/rtf", ("rtf",))),
    (b"\x1aE\xdf\xa3", Kind("video/webm", ("webm", "mkv"))),
    (b"OggS", Kind("audio/ogg", ("ogg", "oga", "opus"))),
    (b"ID3", Kind("audio/mpeg", ("mp3",))),
    (b"#!AMR", Kind("audio/amr", ("amr",))),
    (b"fLaC", Kind("audio/flac", ("flac",))),
)  # fmt: skip
_BY_BRAND: dict[bytes, Kind] = {
    b"M4A ": M4A,
    b"M4B ": M4A,
    b"qt  ": Kind("video/quicktime", ("mov",)),
    b"heic": Kind("image/heic", ("heic", "heif")),
    b"heix": Kind("image/heic", ("heic", "heif")),
    b"mif1": Kind("image/heif", ("heif", "heic")),
    b"avif": Kind("image/avif", ("avif",)),
}
"""Files of boxes (ISO 14496-12) by their main brand; all others of them count as MP4."""
_BY_FORM: dict[bytes, Kind] = {b"WEBP": WEBP, b"WAVE": Kind("audio/wav", ("wav",))}
"""RIFF files by their form."""


def kind_of(body: bytes) -> Kind:
    """The type of a whole file.

    Raises:
        Unfit: it is of no type on the list, or a picture that is too large to decode or none at all.
    """
    if not body:
        raise Unfit("empty")
    found = _by_bytes(body)
    if found is None:
        raise Unfit("type")
    if found.picture:
        _decodable(body, found)
    return found


def _by_bytes(body: bytes) -> Kind | None:
    for beginning, kind in _BY_BEGINNING:
        if body.startswith(beginning):
            return kind
    if body[4:8] == b"ftyp":
        return _BY_BRAND.get(body[8:12], MP4)
    if body.startswith(b"RIFF"):
        return _BY_FORM.get(body[8:12])
    if len(body) > 2 and body[0] == 0xFF and body[1] & 0xE6 == 0xE2:
        return Kind("audio/mpeg", ("mp3",))
    if len(body) > 2 and body[0] == 0xFF and body[1] & 0xF6 == 0xF0:
        return Kind("audio/aac", ("aac",))
    return TEXT if _is_plain_text(body) else None


def _is_plain_text(body: bytes) -> bool:
    """Text without control characters that does not begin like markup or a script.

    A page of a platform that says "not here", an SVG or an HTML file is markup, and is not handed on (H53).
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    if any(ord(c) < 32 and c not in "\t\n\r\f" for c in text):
        return False
    return bool(text.strip()) and not text.lstrip().startswith(("<", "#!", "{", "[", "@echo"))


def _decodable(body: bytes, kind: Kind) -> None:
    try:
        sizes = picture.SIZES[kind.mime](body)
    except (picture.NotAPicture, IndexError):
        raise Unfit("broken") from None
    if any(w > MAX_SIDE or h > MAX_SIDE or w * h > MAX_PIXELS for w, h in sizes):
        raise Unfit("pixels")
