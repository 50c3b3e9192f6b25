"""What the operator types for an account is understood, or refused with a word on what to change."""

from __future__ import annotations

import pytest
from hark.operator import NotUsable, _settings


def test_settings_are_truths_whole_numbers_or_text() -> None:
    given = ["own_posts=true", "encrypted_notices=false", "dm_poll_minutes=0", "search=acme OR akme", "welcome=a=b"]
    assert _settings([*given, "outside_session_usd=0.02"]) == {
        "own_posts": True, "encrypted_notices": False, "dm_poll_minutes": 0, "search": "acme OR akme",
        "welcome": "a=b", "outside_session_usd": "0.02",
    }  # fmt: skip


@pytest.mark.parametrize("wrong", ["welcome", "=1", "outside_session_usd=0,02", "outside_session_usd=cheap"])
def test_a_setting_that_would_not_work_later_is_refused_at_once(wrong: str) -> None:
    with pytest.raises(NotUsable):
        _settings([wrong])
