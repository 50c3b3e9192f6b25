"""Counting and comparing as Viber does, and where its files may be fetched from."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hark.providers.viber.media import HOSTS
from hark.providers.viber.text import LIMIT, fingerprint, length


def test_a_character_is_a_character_whatever_the_script() -> None:
    assert length("characters", "aé日👋") == 4
    assert length("utf8_bytes", "aé日👋") == 1 + 2 + 3 + 4
    assert LIMIT == 7000


def test_another_way_of_counting_is_refused() -> None:
    with pytest.raises(ValueError, match="count"):
        length("x_weighted", "a")


def test_white_space_and_composition_make_no_other_text() -> None:
    assert fingerprint(" We  are\nsorry, Zoe\u0301 ") == fingerprint("We are sorry, Zo\u00e9")
    assert fingerprint("4711") != fingerprint("4712")


@settings(max_examples=50, deadline=None)
@given(st.text())
def test_a_fingerprint_of_a_fingerprint_is_itself(text: str) -> None:
    assert fingerprint(fingerprint(text)) == fingerprint(text)


def test_files_come_from_vibers_own_hosts() -> None:
    fixtures = Path(__file__).parent.parent / "fixtures"
    files = [json.loads((fixtures / f"message.{n}.json").read_bytes()) for n in ("picture", "video", "file")]
    assert {urlsplit(event["message"]["media"]).hostname for event in files} <= HOSTS
    assert all(host == host.lower() and "*" not in host and host.endswith(".viber.com") for host in HOSTS)
