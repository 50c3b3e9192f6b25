"""While one function starts a case's workflow, another one may change the case."""

from __future__ import annotations

import pytest
from hark.domain.time import after
from hark.domain.time import text as time_text
from hark.store import keys
from hark.store.cases import Cases, Stale
from hark.store.table import Change

from tests.integration.conftest import Desk
from tests.integration.x_deliveries import mention


def test_a_signal_that_comes_while_the_workflow_is_started_is_looked_at_in_time(desk: Desk) -> None:
    desk.take_in(mention())
    case = desk.case()
    key, now = keys.case(case.brand, case.id), time_text(desk.clock())
    soon = after(now, 20)
    desk.table.change(Change(key, {"workflow": "starting", "signal": "answered", "look_at": soon, "work_sk": soon}))
    seen_before = case.model_copy(update={"workflow": "starting"})
    with pytest.raises(Stale):
        Cases(desk.table).workflow_runs(seen_before, now)
    assert desk.case().look_at == soon
