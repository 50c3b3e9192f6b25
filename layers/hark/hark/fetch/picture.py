"""How large a picture is, from its header and without decoding it: nothing here takes more memory than the file.

Sources: PNG (W3C, section 11.2.1), GIF89a specification, JPEG (ITU T.81, annex B), WebP container specification and
RFC 6386 section 9.1 (VP8), RFC 9649 section 3.4 (VP8L).
"""

from __future__ import annotations

from collections.abc import Callable

MAX_FRAMES = 1_000

Sizes = list[tuple[int, int]]
"""Width and height in pixels of all that a decoder would make room for."""


class NotAPicture(ValueError):
    """It begins like a picture and does not go on like one."""


def _need(true: object) -> None:
    if not true:
        raise NotAPicture


def _big(body: bytes, at: int, count: int) -> int:
    _need(at + count <= len(body))
    return int.from_bytes(body[at : at + count], "big")


def _little(body: bytes, at: int, count: int) -> int:
    _need(at + count <= len(body))
    return int.from_bytes(body[at : at + count], "little")


def png(body: bytes) -> Sizes:
    """The one header; frames of an animated PNG may not be larger than it."""
    _need(body[12:16] == b"IHDR" and _big(body, 8, 4) == 13)
    return _sensible([(_big(body, 16, 4), _big(body, 20, 4))])


def gif(body: bytes) -> Sizes:
    """The screen, and each frame with its place: some decoders enlarge the screen to the frames."""
    sizes = [(_little(body, 6, 2), _little(body, 8, 2))]
    at = 13 + _table(body[10])
    while at < len(body) and body[at] != 0x3B:
        if body[at] == 0x21:
            at = _after_blocks(body, at + 2)
            continue
        _need(body[at] == 0x2C and len(sizes) <= MAX_FRAMES)
        left, top, wide, high = (_little(body, at + n, 2) for n in (1, 3, 5, 7))
        sizes.append((left + wide, top + high))
        at = _after_blocks(body, at + 11 + _table(body[at + 9]))
    _need(len(sizes) > 1)
    return [*_sensible(sizes[1:]), sizes[0]]


def _table(flags: int) -> int:
    """Bytes of the colour table that flags announce."""
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _after_blocks(body: bytes, at: int) -> int:
    while body[at]:
        at += body[at] + 1
    return at + 1


_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""JPEG markers of a frame header (SOF): all of C0 to CF but tables and extensions."""
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})


def jpeg(body: bytes) -> Sizes:
    """The first frame header. One with zero lines, which come later, is not taken."""
    at = 2
    while True:
        _need(body[at] == 0xFF)
        while body[at] == 0xFF:
            at += 1
        marker = body[at]
        if marker in _ALONE:
            at += 1
            continue
        _need(marker not in (0xD9, 0xDA))
        length = _big(body, at + 1, 2)
        _need(length >= 2)
        if marker in _FRAMES:
            return _sensible([(_big(body, at + 6, 2), _big(body, at + 4, 2))])
        at += 1 + length


def webp(body: bytes) -> Sizes:
    """The canvas of an extended file, and each bitstream at its top level or in a frame of an animation."""
    sizes: Sizes = []
    ahead = [(12, len(body))]
    while ahead:
        at, end = ahead.pop()
        while at + 8 <= end:
            name, size, inside = body[at : at + 4], _little(body, at + 4, 4), at + 8
            _need(len(sizes) <= MAX_FRAMES)
            if name == b"VP8X":
                sizes.append((_little(body, inside + 4, 3) + 1, _little(body, inside + 7, 3) + 1))
            elif name == b"VP8 ":
                _need(body[inside + 3 : inside + 6] == b"\x9d\x01\x2a")
                sizes.append((_little(body, inside + 6, 2) & 0x3FFF, _little(body, inside + 8, 2) & 0x3FFF))
            elif name == b"VP8L":
                _need(body[inside] == 0x2F)
                bits = _little(body, inside + 1, 4)
                sizes.append(((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1))
            elif name == b"ANMF":
                ahead.append((inside + 16, min(inside + size, end)))
            at = inside + size + size % 2
    return _sensible(sizes)


def _sensible(sizes: Sizes) -> Sizes:
    _need(sizes and all(wide > 0 and high > 0 for wide, high in sizes))
    return sizes


SIZES: dict[str, Callable[[bytes], Sizes]] = {
    "image/png": png, "image/gif": gif, "image/jpeg": jpeg, "image/webp": webp,
}  # fmt: skip
"""Readers by type. Each raises `NotAPicture`, or `IndexError` where the file ends too early."""
