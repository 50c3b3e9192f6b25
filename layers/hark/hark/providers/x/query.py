"""How a listening query is written as a search of X.

Words are told apart by blanks, `OR` binds weaker than a blank, only single terms are negated, `lang:` and `is:` need a
term that stands alone, and a query has 512 characters: X's pages on building queries, as of autumn 2026.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from hark.domain.listening import Query
from hark.providers.x.door import SEARCH_KIND

KIND = SEARCH_KIND
LONGEST = 512

_PLAIN = re.compile(r"\w+")
_OTHERWISE = {"ms": "id"}
"""X knows no Malay and calls it Indonesian. Its `lang:` takes BCP 47 (`he`), though its posts say `iw` and `in`."""


def written(query: Query, ours: Sequence[str]) -> str:
    """What X is asked. `ours` are the handles of the brand: what they post is no hit, and what mentions them comes by
    webhook and needs not be paid twice."""
    terms = [*(f"@{one}" for one in query.handles), *(f"#{one}" for one in query.hashtags)]
    terms += [_term(name) for name in (*query.names, *query.aliases)]
    languages = [f"lang:{_OTHERWISE.get(code, code)}" for code in query.languages]
    own = {one.casefold() for one in query.handles}
    return " ".join(
        [
            _any_of(terms),
            *([_any_of(languages)] if languages else []),
            *(f"-{word}" for word in query.without),
            *(f"-from:{handle}" for handle in ours),
            *(f"-@{handle}" for handle in ours if handle.casefold() not in own),
            "-is:retweet",
        ]
    )


def _term(name: str) -> str:
    return name if _PLAIN.fullmatch(name) and name.upper() not in ("OR", "AND") else f'"{" ".join(name.split())}"'


def _any_of(terms: Iterable[str]) -> str:
    listed = list(terms)
    return f"({' OR '.join(listed)})" if len(listed) > 1 else listed[0]
