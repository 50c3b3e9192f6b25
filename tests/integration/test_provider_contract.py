"""What every provider has to be and do (`hark.providers.contract`), asked of all of them and naming none."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

import pytest
from hark.domain.account import Account
from hark.domain.events import Surface
from hark.domain.failures import FAILINGS, PLATFORMS, sentence
from hark.domain.verbs import Standing, Subject, verbs
from hark.providers import contract

from . import provider_fixtures as given
from .provider_fixtures import PROVIDERS

FUNCTIONS: dict[str, dict[str, tuple[str, ...]]] = {
    "door": {"verify": ("request", "secrets"), "challenge": ("request", "secrets"), "split": ("request",)},
    "inbound": {"parse": ("raw", "kinds", "account_id", "arrived")},
    "text": {"length": ("counting", "text"), "fingerprint": ("text",)},
    "health": {"check": ("connection", "now")},
    "fake": {"signed": ("body", "account_id")},
}
"""Functions every provider has, with the names of their arguments."""
MORE_FUNCTIONS: dict[str, dict[str, tuple[str, ...]]] = {
    "door": {
        "reply": ("request", "events", "account"), "asks_after": ("request",), "page_of": ("state",),
    },
    "health": {"renew": ("connection", "now")},
    "poll": {"poll": ("connection", "cursor", "pages"), "look_up": ("connection", "reference")},
    "recheck": {"recheck": ("connection", "ids", "state")},
}  # fmt: skip
"""Functions a provider may have."""
FILES = ("README.md", "icon.svg", "__init__.py", "media.py", "outbound.py")

each_provider = pytest.mark.parametrize("provider", PROVIDERS)


def takes(function: Callable[..., Any], *names: str) -> bool:
    """Whether it can be called with these arguments and needs no other."""
    parameters = list(inspect.signature(function).parameters.values())
    needed = [p.name for p in parameters if p.default is p.empty and p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
    return [p.name for p in parameters[: len(names)]] == list(names) and set(needed) <= set(names)


# --- the parts ----------------------------------------------------------------------------------


@each_provider
def test_a_provider_has_all_its_parts_in_its_folder(provider: str) -> None:
    folder = given.folder(provider)
    assert [name for name in FILES if not (folder / name).is_file()] == []
    assert [name for name in ("fixtures", "tests", "fake") if not (folder / name).is_dir()] == []
    assert [part for part in FUNCTIONS if not contract.has(provider, part)] == []


@each_provider
def test_its_functions_take_what_the_contract_says(provider: str) -> None:
    for part, functions in FUNCTIONS.items():
        for name, arguments in functions.items():
            assert takes(getattr(contract.load(provider, part), name), *arguments), f"{part}.{name}"
    for part, functions in MORE_FUNCTIONS.items():
        module: object = contract.load(provider, part) if contract.has(provider, part) else None
        for name, arguments in functions.items():
            function = getattr(module, name, None)
            assert function is None or takes(function, *arguments), f"{part}.{name}"
    assert not contract.has(provider, "poll") or hasattr(contract.load(provider, "poll"), "poll")
    assert not contract.has(provider, "recheck") or hasattr(contract.load(provider, "recheck"), "recheck")


@each_provider
def test_the_page_of_a_deletion_request_has_both_its_functions_or_none(provider: str) -> None:
    door = contract.load(provider, "door")
    assert hasattr(door, "asks_after") == hasattr(door, "page_of")


@each_provider
def test_its_secrets_are_named_and_those_of_the_application_are_among_them(provider: str) -> None:
    door = contract.load(provider, "door")
    assert isinstance(door.FIELDS, tuple) and isinstance(door.APP_FIELDS, tuple)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]{2,60}", name) for name in door.FIELDS)
    assert len(set(door.FIELDS)) == len(door.FIELDS)
    assert set(door.APP_FIELDS) <= set(door.FIELDS)
    assert isinstance(door.SIGNED_PER_ACCOUNT, bool)


@each_provider
def test_its_sender_talks_to_a_secure_address_unless_told_otherwise(provider: str) -> None:
    outbound = contract.load(provider, "outbound")
    address = urlsplit(outbound.ENDPOINT)
    assert (address.scheme, address.path, address.query) == ("https", "", "") and address.hostname
    assert takes(outbound.Sender, "credentials", "endpoint")
    assert takes(outbound.Sender.send, "self", "order")
    assert takes(outbound.Sender.read_back, "self", "order")


@each_provider
def test_its_media_come_from_exact_hosts(provider: str) -> None:
    hosts = contract.load(provider, "media").HOSTS
    assert not isinstance(hosts, str)
    # A dot in front stands for all hosts below a name, where the platform changes them without notice.
    assert all(re.fullmatch(r"\.?(?:[a-z0-9-]+\.)+[a-z]{2,}", host) for host in hosts)


@each_provider
def test_its_health_is_looked_at_from_time_to_time(provider: str) -> None:
    every = contract.load(provider, "health").EVERY
    assert timedelta(minutes=1) <= every <= timedelta(days=1)


@each_provider
def test_a_recheck_says_how_many_and_where(provider: str) -> None:
    if contract.has(provider, "recheck"):
        recheck = contract.load(provider, "recheck")
        assert recheck.BATCH >= 1
        assert set(recheck.PLATFORMS) <= given.platforms(provider)


@each_provider
def test_its_text_is_counted_and_recognised_by_functions_without_a_mood(provider: str) -> None:
    text = contract.load(provider, "text")
    ways = ways_of_counting(provider)
    assert ways
    for said in ("", "a", "Grüße 👋 https://example.com/x", "e\u0301\r\n"):
        for counting in ways:
            first = text.length(counting, said)
            assert isinstance(first, int) and first >= 0
            assert first == text.length(counting, said)
        assert text.fingerprint(said) == text.fingerprint(text.fingerprint(said))
    expected = {"characters": 2, "utf8_bytes": 3, "x_weighted": 2}
    assert {counting: text.length(counting, "añ") for counting in ways} == {way: expected[way] for way in ways}
    assert text.fingerprint("one thing") != text.fingerprint("another thing")


def ways_of_counting(provider: str) -> set[str]:
    """In which ways the verb table counts what is written on a provider's platforms."""
    now = datetime(2026, 11, 22, tzinfo=UTC)
    offered = (
        verb
        for platform in given.platforms(provider)
        for surface in Surface
        for verb in verbs(Subject(platform, surface, "m1", at=now, last_inbound_at=now), Standing(), now)
    )
    return {verb.counting for verb in offered if verb.counting is not None}


# --- the fake -----------------------------------------------------------------------------------


@each_provider
def test_its_fake_plays_accounts_that_can_be_connected(provider: str) -> None:
    accounts = [Account.model_validate({**account, "brand": "b"}) for account in given.accounts(provider)]
    assert accounts[0].handle == "acme"
    assert len({account.id for account in accounts}) == len(accounts)
    fields = set(contract.load(provider, "door").FIELDS)
    for account in accounts:
        assert account.provider == provider
        held = given.secrets(provider, account.id)
        assert set(held) <= fields
        assert all(held.values())
        assert account.platform in (account.platforms or (account.platform,))
        assert account.linked in ("", *(other.id for other in accounts))


@each_provider
def test_its_fake_answers_over_http_at_its_address(provider: str) -> None:
    with contract.load(provider, "fake").Fake(port=0, webhook_url="") as fake:
        assert urlsplit(fake.url).hostname == "127.0.0.1"
        assert urlsplit(fake.url).port


@each_provider
def test_what_its_fake_signs_is_accepted_and_other_bytes_are_not(provider: str) -> None:
    door = contract.load(provider, "door")
    for account in given.accounts(provider):
        held = given.secrets(provider, account["id"])
        body = b'{"unheard.of":1}'
        headers, path = given.signed(provider, body, account["id"])
        door.verify(contract.Request("POST", headers, "", body, path), held)
        with pytest.raises(contract.SignatureRefused, match="sig_bad"):
            door.verify(contract.Request("POST", headers, "", body + b" ", path), held)
        with pytest.raises(contract.SignatureRefused, match="sig_form"):
            door.verify(contract.Request("POST", {}, "", body, path), held)
        with pytest.raises(contract.SecretMissing):
            door.verify(contract.Request("POST", headers, "", body, path), {})


# --- failures -----------------------------------------------------------------------------------


def modules(provider: str) -> Iterator[Path]:
    for path in given.folder(provider).rglob("*.py"):
        if not {"fake", "tests"} & set(path.relative_to(given.folder(provider)).parts):
            yield path


def codes_of(tree: ast.AST) -> Iterator[str]:
    """Every text that stands where a code of the closed list has to stand.

    What is handed to `NotSent` or `CallFailed`; and all of a table or of what a function returns, as soon as one of
    it is a code: tables and functions that choose a code choose nothing else.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in (
            "NotSent", "CallFailed",
        ):  # fmt: skip
            for part in [*node.args[:1], *(k.value for k in node.keywords if k.arg == "code")]:
                yield from (word for word in texts(ast.walk(part)))
        chosen: set[str] = set()
        if isinstance(node, ast.Dict):
            chosen = set(texts(node.values))
        elif isinstance(node, ast.FunctionDef):
            chosen = set(texts(part.value for part in ast.walk(node) if isinstance(part, ast.Return)))
        if chosen & FAILINGS.keys():
            yield from chosen - {""}


def texts(nodes: Iterable[ast.AST | None]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


@each_provider
def test_every_failure_it_names_is_on_the_closed_list(provider: str) -> None:
    named = {code for path in modules(provider) for code in codes_of(ast.parse(path.read_text(encoding="utf-8")))}
    assert named, "a provider whose sendings never fail does not exist"
    assert named <= FAILINGS.keys()


@each_provider
def test_a_failure_can_be_said_to_an_agent_on_each_of_its_platforms(provider: str) -> None:
    for platform in given.platforms(provider):
        assert platform in PLATFORMS, "a platform is called by its own name"
        for code in FAILINGS:
            said = sentence(code, platform)
            assert said.endswith(".") and not set("{}") & set(said)
            assert "{platform}" not in FAILINGS[code].sentence or PLATFORMS[platform] in said


def test_these_tests_name_no_provider() -> None:
    for module in (__file__, str(inspect.getsourcefile(given))):
        words = set(texts(ast.walk(ast.parse(Path(module).read_text(encoding="utf-8")))))
        assert not words & set(PROVIDERS)


def test_the_list_of_failures_cannot_be_left_at_run_time() -> None:
    assert isinstance(contract, ModuleType)
    for code in FAILINGS:
        assert contract.NotSent(code).effect is FAILINGS[code].effect
    for made in (contract.NotSent, contract.CallFailed):
        with pytest.raises(ValueError, match="closed list"):
            made("no_such_code")
