"""The fake X's recent search: words, phrases, OR, and the few operators Hark's documentation recommends."""

from __future__ import annotations

import re

from hark.providers.x.fake.content import Post

MAX_QUERY = 512

_TERM = re.compile(r'(-?)(?:"([^"]*)"|([^\s()"]+))')


def matches(query: str, post: Post) -> bool:
    """Whether a post is a hit. Terms with OR between them are alternatives; those with a minus must not hold."""
    found = [(negated == "-", phrase or word) for negated, phrase, word in _TERM.findall(query)]
    if any(negated and _holds(term, post) for negated, term in found):
        return False
    terms = [term for negated, term in found if not negated]
    wanted = [term for term in terms if term != "OR"]
    holds = [_holds(term, post) for term in wanted]
    return any(holds) if "OR" in terms else all(holds)


def _holds(term: str, post: Post) -> bool:
    operator, _, value = term.partition(":")
    if operator == "from":
        return post.author.username.lower() == value.lower()
    if operator == "is":
        return False  # the fake has no reposts
    if term.startswith("@"):
        return any(m["username"].lower() == term[1:].lower() for m in post.mentions)
    said = " ".join(re.findall(r"[\w#@]+", post.text.lower()))
    sought = " ".join(re.findall(r"[\w#@]+", term.lower()))
    return f" {sought} " in f" {said} "
