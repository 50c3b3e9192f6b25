"""What a fetched file is, by its bytes: what is shown, what is only given, what is refused (rows H52 and H53)."""

from __future__ import annotations

import gzip
import struct
import time
from collections.abc import Callable

import pytest
from hark.fetch.kind import Unfit, kind_of
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pictures import gif, jpeg, png, vp8, vp8l, vp8x, webp

# --- what it is (H52, H53) ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b"<!DOCTYPE html><html><script>alert(1)</script>", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>",
        b"\xef\xbb\xbf<?xml version='1.0'?><svg/>", b"  \n<a>", b'{"error": {"code": 190}}', b"[]", b"MZ\x90\0",
        b"\x7fELF\2",
        b"#!/bin/sh\nrm -rf", b"\0" * 100, b"\xff\xfe<\0h\0", b"\xff\xd8", b"RIFF\0\0\0\0XXXX", b"   ",
        b"@echo off\r\n",
        gzip.compress(b"x", mtime=0), b"BM" + b"\0" * 60, b"\x1b[2Jhello",
    ],
)  # fmt: skip
def test_h52_h53_what_is_not_on_the_list_is_not_handed_on(body: bytes) -> None:
    with pytest.raises(Unfit, match="type"):
        kind_of(body)


@pytest.mark.parametrize(
    ("body", "mime"),
    [
        (b"%PDF-1.7 <script>", "application/pdf"), (b"PK\x03\x04\x14\0", "application/zip"),
        (b"\0\0\0\x18ftypisom\0\0", "video/mp4"), (b"\0\0\0\x18ftypM4A \0\0", "audio/mp4"),
        (b"\0\0\0\x18ftypheic\0\0", "image/heic"), (b"OggS\0\2", "audio/ogg"), (b"ID3\3\0", "audio/mpeg"),
        (b"\xff\xfb\x90\x64", "audio/mpeg"), (b"\xff\xf1\x50\x80", "audio/aac"), (b"#!AMR\n", "audio/amr"),
        (b"RIFF\0\0\0\0WAVEfmt ", "audio/wav"), ("Rēķins Nr. 5\r\n".encode(), "text/plain; charset=utf-8"),
    ],
)  # fmt: skip
def test_other_files_are_known_by_their_bytes_and_no_pictures(body: bytes, mime: str) -> None:
    assert (kind_of(body).mime, kind_of(body).picture) == (mime, False)


def test_an_empty_file_is_none() -> None:
    with pytest.raises(Unfit, match="empty"):
        kind_of(b"")


def judged(body: bytes) -> str:
    """The type, or why it is refused."""
    try:
        return kind_of(body).mime
    except Unfit as refused:
        return refused.reason


Make = Callable[[int, int], bytes]
MAKERS: dict[str, list[Make]] = {
    "image/png": [png],
    "image/jpeg": [jpeg, lambda w, h: jpeg(w, h, 0xC2)],
    "image/gif": [lambda w, h: gif(w, h, (0, 0, 1, 1)), lambda w, h: gif(1, 1, (0, 0, 1, 1), (0, 0, w, h)),
                  lambda w, h: gif(0, 0, (1, 1, w - 1, h - 1))],
    "image/webp": [vp8, vp8l, vp8x],
}  # fmt: skip
PICTURES = [(mime, make) for mime, makers in MAKERS.items() for make in makers]


@pytest.mark.parametrize(("mime", "make"), PICTURES)
@pytest.mark.parametrize("size", [(2, 2), (4000, 3000), (16_000, 2_500)])
def test_a_picture_of_any_sensible_size_is_shown(mime: str, make: Make, size: tuple[int, int]) -> None:
    found = kind_of(make(*size))
    assert (found.mime, found.picture) == (mime, True)


@pytest.mark.parametrize(("mime", "make"), PICTURES)
@pytest.mark.parametrize("size", [(8_000, 8_000), (16_383, 16_383)])
def test_h52_a_picture_bomb_is_seen_by_its_header(mime: str, make: Make, size: tuple[int, int]) -> None:
    with pytest.raises(Unfit, match="pixels"):
        kind_of(make(*size))


def test_a_bomb_in_a_frame_of_an_animation_is_seen() -> None:
    frame = b"ANMF" + struct.pack("<I", 34) + b"\0" * 16 + vp8(16_383, 16_383)[12:]
    moving = vp8x(10, 10)[12:] + frame
    with pytest.raises(Unfit, match="pixels"):
        kind_of(b"RIFF" + struct.pack("<I", len(moving) + 4) + b"WEBP" + moving)


@pytest.mark.parametrize("body", [png(5, 5), jpeg(5, 5), gif(5, 5, (0, 0, 5, 5)), vp8(5, 5), vp8l(5, 5), vp8x(5, 5)])
def test_a_picture_cut_off_anywhere_is_broken_or_its_size_was_seen(body: bytes) -> None:
    for end in range(12, len(body)):
        assert judged(body[:end]) in ("broken", kind_of(body).mime), end


BEGINNINGS = {
    b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF89a": "image/gif",
    b"RIFF\0\0\0\0WEBP": "image/webp",
}  # fmt: skip


@given(st.sampled_from(sorted(BEGINNINGS)), st.binary(max_size=200))
@settings(max_examples=50, deadline=None)
def test_h53_noise_behind_a_picture_s_first_bytes_raises_nothing_else(beginning: bytes, noise: bytes) -> None:
    assert judged(beginning + noise) in ("broken", "pixels", BEGINNINGS[beginning])


@pytest.mark.parametrize(
    "body",
    [b"\xff\xd8" + b"\xff" * 3_900_000, b"GIF89a" + b"\1\0" * 3 + b"\0\x21\xfe" + b"\1a" * 1_900_000,
     webp(b"ANMF", b"\0" * 16 + (b"ANMF" + struct.pack("<I", 0)) * 450_000)],
    ids=["jpeg", "gif", "webp"],
)  # fmt: skip
def test_a_header_that_never_ends_is_read_in_little_time(body: bytes) -> None:
    began = time.monotonic()
    with pytest.raises(Unfit):
        kind_of(body)
    assert time.monotonic() - began < 5
