"""The smallest files that are pictures of a given size by their headers. Only the PNG can be decoded."""

from __future__ import annotations

import struct
import zlib


def png(width: int, height: int) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0\0\0" * 3))
        + chunk(b"IEND", b"")
    )


def gif(width: int, height: int, *frames: tuple[int, int, int, int]) -> bytes:
    made = b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + b"\0" * 6
    for frame in frames:
        made += b"\x21\xf9\x04\0\0\0\0\0" + b"\x2c" + struct.pack("<HHHHB", *frame, 0) + b"\x02\x02\x4c\x01\0"
    return made + b"\x3b"


def jpeg(width: int, height: int, frame: int = 0xC0) -> bytes:
    thumbnail = b"\xff\xd8\xff\xc0\0\x11\x08" + struct.pack(">HH", 1, 1)  # another header inside, as cameras write it
    application = b"\xff\xe1" + struct.pack(">H", len(thumbnail) + 2) + thumbnail
    size = bytes([0xFF, frame]) + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\1\x11\0"
    return b"\xff\xd8" + application + b"\xff\xff" + size[1:] + b"\xff\xda\0\x08\1\1\0\0\x3f\0\0\xff\xd9"


def webp(name: bytes, data: bytes) -> bytes:
    inside = b"WEBP" + name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)
    return b"RIFF" + struct.pack("<I", len(inside)) + inside


def vp8(width: int, height: int) -> bytes:
    return webp(b"VP8 ", b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", width, height))


def vp8l(width: int, height: int) -> bytes:
    return webp(b"VP8L", b"\x2f" + struct.pack("<I", (width - 1) | (height - 1) << 14))


def vp8x(width: int, height: int) -> bytes:
    return webp(b"VP8X", b"\0" * 4 + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little"))
