"""What the operator types for an account is understood, or refused with a word on what to change."""

from __future__ import annotations

import pytest
from hark.domain.policy import Policy
from hark.operator import NotUsable, _parser, _settings, shift, work_of


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


@pytest.mark.parametrize(
    ("said", "days", "hours", "zone"),
    [
        ("mon-fri 09:00-17:00", (0, 1, 2, 3, 4), "09:00-17:00", "Europe/Riga"),
        ("sat,sun 22:00-06:00 Asia/Jerusalem", (5, 6), "22:00-06:00", "Asia/Jerusalem"),
        ("Fri-Mon 08:30-12:00", (0, 4, 5, 6), "08:30-12:00", "Europe/Riga"),
    ],
)
def test_a_shift_is_said_in_words(said: str, days: tuple[int, ...], hours: str, zone: str) -> None:
    told = shift(said, "Europe/Riga")
    assert (told.days, f"{told.start:%H:%M}-{told.end:%H:%M}", told.zone) == (days, hours, zone)


@pytest.mark.parametrize(
    "wrong", ["", "mon-fri", "9-17", "mon 09:00-25:00", "day 09:00-17:00", "mon 09:00-17:00 Mars/X"]
)
def test_what_is_no_shift_is_refused_with_an_example(wrong: str) -> None:
    with pytest.raises(NotUsable, match="one is: mon-fri 09:00-17:00 Europe/Riga"):
        shift(wrong, "UTC")


def test_an_invitation_says_what_a_colleague_does_and_leaves_the_rest_as_shipped() -> None:
    policy = Policy.model_validate({"calendar": {"zone": "Europe/Riga"}, "assignment": {"teams": [{"id": "web"}]}})
    common = ["invite", "--stack", "s", "--brand", "acme", "--email", "a@example.com", "--name", "A B"]
    plain = work_of(_parser().parse_args(common), policy)
    assert plain == {}
    told = work_of(
        _parser().parse_args(
            [*common, "--team", "web", "--language", "lv", "--handle", "@AcmeA", "--level", "2", "--shift",
             "mon 09:00-17:00"]
        ),
        policy,
    )  # fmt: skip
    assert told == {
        "teams": ("web",), "languages": ("lv",), "handle": "AcmeA", "level": 2,
        "shifts": (shift("mon 09:00-17:00", "Europe/Riga"),),
    }  # fmt: skip
    with pytest.raises(NotUsable, match="there is no team sales"):
        work_of(_parser().parse_args([*common, "--team", "sales"]), policy)
