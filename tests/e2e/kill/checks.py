"""What must be true when all is quiet, whoever was killed when. Each check yields a sentence per violation."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hark.domain.case import Case
from hark.store import keys
from hark.store.cases import NOT_IN_HISTORY
from hark.store.keys import Key
from hark.store.table import Item, from_item

from tests.e2e.kill.campaign import Campaign
from tests.e2e.kill.lives import Life
from tests.e2e.kill.town import BRAND, PROVIDER, Town

SENT = ("reply.sent", "reply.seen", "reply.found_by_hand")
WORDS_TO_THE_WORKFLOW = ("MovedOn", "Superseded", "TryAgain")
# Which workflow is started is the desk's own affair, and is kept without a line.
NOT_REPLAYED = NOT_IN_HISTORY | {"workflow"}


@dataclass(frozen=True)
class Remains:
    """Everything the campaign left behind."""

    campaign: Campaign
    items: Mapping[Key, Item]
    executions: Counter[str]
    """By name and status, such as `c1-g1 SUCCEEDED`."""
    posts: list[dict[str, Any]]
    """What the brand posted through X's API."""
    errors: list[str]
    """What functions logged as an error."""

    def of(self, kind: str, case_id: str = "") -> list[Item]:
        """Items whose sort key begins with `kind`, perhaps of one case's partition."""
        pk = keys.case(BRAND, case_id).pk if case_id else ""
        return [item for key, item in self.items.items() if key.sk.startswith(kind) and pk in ("", key.pk)]

    def case(self, life: Life) -> Item:
        """The life's case; empty when it has none."""
        return self.items.get(keys.case(BRAND, life.case_id), {})


def gather(town: Town, campaign: Campaign) -> Remains:
    """Read the whole table, all executions and all posts."""
    table = town.table
    pages = table.client.get_paginator("scan").paginate(TableName=table.name, ConsistentRead=True)
    items = [from_item(item) for page in pages for item in page["Items"]]
    listed = town.cloud.client("stepfunctions").get_paginator("list_executions")
    executions = listed.paginate(stateMachineArn=town.cloud.outputs["WorkflowArn"])
    return Remains(
        campaign,
        {Key(item["pk"], item["sk"]): item for item in items},
        Counter(f"{e['name']} {e['status']}" for page in executions for e in page["executions"]),
        town.cloud.x("GET", "replies"),
        list(_errors(town.cloud.log)),
    )


def _errors(log: Path) -> Iterator[str]:
    for line in log.read_text("utf-8", "replace").splitlines():
        said = line.partition("] ")[2]
        if line.startswith("[") and said.startswith("{"):
            entry, _ = json.JSONDecoder().raw_decode(said)
            error = str(entry.get("error") or entry.get("errorType"))
            # On a machine with much else to do the engine is slow to answer. The product has to live with that too.
            if entry.get("level") == "ERROR" and error not in WORDS_TO_THE_WORKFLOW and "Timeout" not in error:
                yield line


def stuck(left: Remains) -> Iterator[str]:
    """Nobody waits for ever."""
    yield from (f"{name}: {why}" for name, why in left.campaign.stuck.items())


def survivors(left: Remains) -> Iterator[str]:
    """Each kill of each plan was done, on a process of its own."""
    for life in left.campaign.lives:
        missed = set(life.plan.kills) - set(life.plan.done())
        yield from (f"{life.name}: {kill} did not happen" for kill in missed)
    done = sum(len(life.plan.done()) for life in left.campaign.lives)
    if len(left.campaign.killed) != done:
        yield f"{done} kills were claimed, {len(left.campaign.killed)} processes killed"


def events(left: Remains) -> Iterator[str]:
    """Every event is in the ledger once, its story ended; and no event that nobody sent."""
    expected = {keys.raw(BRAND, PROVIDER, key): life.name for life in left.campaign.lives for key in life.events}
    found = {Key(item["pk"], item["sk"]): item for item in left.of("RAW")}
    yield from (f"{name}: an event is not in the ledger" for key, name in expected.items() if key not in found)
    for key, item in found.items():
        if key not in expected:
            yield f"nobody sent {item['event']}"
        elif item["state"] != "folded":
            yield f"{expected[key]}: {item['event']} is {item['state']}"


def messages(left: Remains) -> Iterator[str]:
    """Every post is one message of its conversation, with its last words, and every reply of ours too."""
    for life in left.campaign.lives:
        found = {m["id"]: m for m in left.of("MSG") if m["conversation"] == life.case_id}
        for post, text in life.said.items():
            message = found.get(post)
            if message is None:
                yield f"{life.name}: post {post} is no message of its conversation"
            elif message["gone"] != (not text) or not message["text"].endswith(text):  # X puts handles before it
                yield f"{life.name}: post {post} says {message['text']!r}, gone {message['gone']}"
        known = {r["platform_id"] for r in left.of("OUT#", life.case_id) if r["platform_id"]}
        strangers = set(found) - set(life.said) - set(life.outside) - known
        yield from (f"{life.name}: message {m} is nobody's" for m in strangers)
        yield from (f"{life.name}: our own {m} is no message" for m in known - set(found))


def cases(left: Remains) -> Iterator[str]:
    """Every conversation has one case; it is closed, and nothing is left to do for it."""
    for life in left.campaign.lives:
        case = left.case(life)
        if not case:
            yield f"{life.name}: no case"
            continue
        state = {name: case[name] for name in ("status", "workflow", "signal", "look_at")}
        if state != {"status": "closed", "workflow": "ended", "signal": "", "look_at": ""}:
            yield f"{life.name}: {state}"
    ids = Counter(item["id"] for item in left.of("CASE"))
    if set(ids) != {life.case_id for life in left.campaign.lives}:
        yield f"cases of nobody: {set(ids) - {life.case_id for life in left.campaign.lives}}"


def executions(left: Remains) -> Iterator[str]:
    """Every generation has had exactly one execution, and none runs on."""
    expected = {
        f"{life.case_id}-g{gen}": life.name
        for life in left.campaign.lives
        for gen in range(1, left.case(life).get("gen", 0) + 1)
    }
    found = Counter(entry.split(" ")[0] for entry in left.executions.elements())
    for name, life in expected.items():
        if found[name] != 1:
            yield f"{life}: {found[name]} executions of generation {name.rpartition('-g')[2]}"
    yield from (f"execution {name} of no generation" for name in set(found) - set(expected))
    yield from (entry for entry in left.executions if entry.endswith((" RUNNING", " FAILED", " TIMED_OUT")))


def replies(left: Remains) -> Iterator[str]:
    """Every reply is on X exactly once, under the post it answers, and the desk knows it as sent."""
    for life in left.campaign.lives:
        found = {item["id"]: item for item in left.of("OUT#", life.case_id)}
        if set(found) != set(life.replies):
            yield f"{life.name}: wrote {len(life.replies)} replies, the outbox has {len(found)}"
        for reply_id, (target, text) in life.replies.items():
            out = [p for p in left.posts if p["in_reply_to"] == target and p["text"] == text]
            reply = found.get(reply_id, {})
            if len(out) != (reply_id not in life.by_hand):
                yield f"{life.name}: its reply is on X {len(out)} times"
            if reply.get("state") != "sent":
                yield f"{life.name}: its reply is {reply.get('state')}"
            elif reply["platform_id"] not in ("", *(p["id"] for p in out)):
                yield f"{life.name}: the desk takes {reply['platform_id']} for its reply"
    known = {(target, text) for life in left.campaign.lives for target, text in life.replies.values()}
    yield from (f"nobody wrote {p['text']!r}" for p in left.posts if (p["in_reply_to"], p["text"]) not in known)


def history(left: Remains) -> Iterator[str]:
    """Each change has its line, none is missing or twice; replayed, they give the case as it is (I38)."""
    for life in left.campaign.lives:
        case = left.case(life)
        lines = sorted(left.of("EVT#", life.case_id), key=lambda line: line["sk"])
        numbers = sorted({int(line["number"]) for line in lines})
        if numbers != list(range(1, case.get("version", 0) + 1)):
            yield f"{life.name}: lines {numbers} of version {case.get('version')}"
        replayed: Item = {}
        for line in lines:
            replayed |= line.get("changes", {})
        for name in set(Case.model_fields) - NOT_REPLAYED:
            if case and replayed.get(name) != case.get(name):
                yield f"{life.name}: {name} is {case.get(name)!r}, its history says {replayed.get(name)!r}"
        yield from (f"{life.name}: {wrong}" for wrong in _counted(life, Counter(line["code"] for line in lines), case))
        if (chosen := _chosen(lines)) > case.get("gen", 0):
            yield f"{life.name}: the workflow chose an owner {chosen} times in {case.get('gen')} generations"


def _chosen(lines: Iterable[Item]) -> int:
    """How often the workflow's own step chose; what was given out of a queue later, or back to one, is not of it."""
    codes: dict[int, set[str]] = {}
    for line in lines:
        if line["code"].startswith("assign."):
            codes.setdefault(line["number"], set()).add(line["code"])
    later = {"assign.from_queue", "assign.handed_back_away", "assign.handed_back_left"}
    return sum(not said & later for said in codes.values())


def _counted(life: Life, codes: Counter[str], case: Item) -> Iterator[str]:
    came = codes["case.opened"] + codes["message.came"] + codes["case.reopened"]
    exactly = {
        "case.opened": (codes["case.opened"], 1),
        "messages that came": (came, len(life.said)),
        "edits": (codes["message.edited"], life.edits),
        "posts taken away": (codes["message.gone"], sum(not text for text in life.said.values())),
        "replies asked": (codes["reply.asked"], len(life.replies)),
        "replies out": (sum(codes[code] for code in SENT), len(life.replies)),
        "answers outside": (codes["message.own_outside"], len(life.outside)),
        "closed": (sum(n for c, n in codes.items() if c.startswith("case.closed.")), 1 + codes["case.reopened"]),
        "generations": (codes["case.reopened"] + codes["workflow.restarted"] + 1, case.get("gen", 0)),
    }
    yield from (f"{what}: {told} lines for {done}" for what, (told, done) in exactly.items() if told != done)
    if codes["follow_up.asked"] > len(life.replies) + len(life.outside):
        yield f"followed up {codes['follow_up.asked']} times"


def unfinished(left: Remains) -> Iterator[str]:
    """Nothing is left in the index of work."""
    for key, item in left.items.items():
        if "work_pk" in item or "work_sk" in item:
            yield f"{key.pk} {key.sk} is to be looked at at {item.get('work_sk')}"


def errors(left: Remains) -> Iterator[str]:
    """A killed process leaves nothing behind that another one takes for an error."""
    yield from left.errors


CHECKS: dict[str, Callable[[Remains], Iterator[str]]] = {
    check.__name__: check
    for check in (stuck, survivors, events, messages, cases, executions, replies, history, unfinished, errors)
}
