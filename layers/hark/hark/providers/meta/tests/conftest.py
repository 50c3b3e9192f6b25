"""What one test has used up of an account's limits is no business of the next one."""

from __future__ import annotations

import pytest

from hark.providers.meta import pace


@pytest.fixture(autouse=True)
def _fresh_pace() -> None:
    pace.forget()
