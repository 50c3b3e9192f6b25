"""What everything that answers a call of the fake Graph API has at hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hark.providers.meta.fake.guard import Permissions
from hark.providers.meta.fake.nodes import Nodes
from hark.providers.meta.fake.world import World

Done = Mapping[str, Any]
Record = Callable[[str, str, str, str, str, str], None]
"""Takes id, platform, verb, text, to, person of what was done through the API."""


@dataclass(eq=False)
class Calls:
    """Calls about what people say. `tell` is called with what webhooks are told, `record` with what the product did."""

    _world: World
    _permissions: Permissions
    _now: Callable[[], datetime]
    _tell: Callable[..., None]
    _record: Record

    def __post_init__(self) -> None:
        self._nodes = Nodes(self._world)
