"""The values of docs/costs.md."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from hark.domain.listening import Query

from infra.costs import agent, capacity, case, idle
from infra.costs.durations import FULL_CPU_MEGABYTES, durations
from infra.costs.line import Line, beyond_free, count, priced, table, total, usd
from infra.costs.measured import measured
from infra.costs.prices import prices
from infra.expand import ROOT
from infra.workflow.picture import phrase

THOUSAND = 1000
REMINDER = ("Remind", "WhatNow", "AwaitAnswer")
"""States of one more round of waiting."""


def _listening() -> dict[str, str]:
    """What a query and its hits cost."""
    units = measured()["hit"]
    writes, reads = (sum(units[step][kind] for step in ("found", "dismissed")) for kind in ("write", "read"))
    asked = idle.DAYS * 24 * (measured()["patterns"]["Hits.move"]["table_write"])
    posts = Query.model_fields["posts_a_month"].default
    return {
        "listening_posts": count(posts),
        "listening_x": usd(prices()["x_post_read"].usd(posts)),
        "hit_writes": count(writes),
        "hit_reads": count(reads),
        "hit_usd": usd(prices()["ddb_wru"].usd(writes) + prices()["ddb_rru"].usd(reads)),
        "listening_month": usd(prices()["ddb_wru"].usd(asked)),
    }


def values() -> dict[str, str]:
    """By mark of the page."""
    idle_lines, aws, x = idle.lines(), case.lines(), case.platform()
    largest = max(agent.sizes())
    agent_lines = agent.lines(largest)
    return {
        "region": prices()["lambda_req"].region,
        "days": str(idle.DAYS),
        "idle_free": usd(beyond_free(idle_lines)),
        "idle_free_cents": f"{beyond_free(idle_lines) * 100:.1f}",
        "idle_list": usd(total(idle_lines)),
        "idle_list_cents": f"{total(idle_lines) * 100:.0f}",
        "idle_table": priced(
            idle_lines,
            [
                ("At list price, at most", total(idle_lines)),
                ("The same with each function's quickest run", total(idle.lines("quickest"))),
                ("After the allowances", beyond_free(idle_lines)),
            ],
        ),
        "nothing_table": _nothing(),
        "alarms": str(idle.alarms()),
        "watched": str(idle.watched()),
        "alarms_list": usd(prices()["cw_alarm"].usd(idle.watched())),
        "alarms_left": usd(prices()["cw_alarm"].usd(max(0, idle.watched() - int(prices()["cw_alarm"].free)))),
        "alarms_free": count(prices()["cw_alarm"].free),
        "metric_list": usd(prices()["cw_metric"].price_usd),
        "metrics_free": count(prices()["cw_metric"].free),
        "counters": str(len(_counters())),
        "counter_names": ", ".join(f"`{name}`" for name in _counters()),
        "types_table": _types(),
        "shards": str(measured()["idle"]["sweep"]["calls"]["Query"]),
        "case_aws": usd(total(aws)),
        "case_x": usd(total(x)),
        "case_all": usd(total(aws) + total(x)),
        "thousand_all": usd((total(aws) + total(x)) * THOUSAND),
        **_listening(),
        "path_sentence": f"The workflow goes {phrase(case.PATH)}: {case.transitions()} transitions.",
        "case_x_table": priced(x, [("X", total(x))]),
        "case_table": priced(aws, [("AWS", total(aws))]),
        "functions_table": _functions(),
        "double_extra": str(_transactional_index_writes()),
        "double_usd": usd(prices()["ddb_wru"].usd(_transactional_index_writes())),
        "cold_seconds": f"{case.seconds('longest'):.0f}",
        "warm_seconds": f"{case.seconds():.1f}",
        "cold_usd": usd(prices()["lambda_gbs_arm"].usd(case.seconds("longest") - case.seconds())),
        "thousand_table": _thousand([*aws, *x], aws),
        "x_link": usd(prices()["x_post_url"].price_usd),
        "x_summoned": usd(prices()["x_post_summoned"].price_usd),
        "x_unsummoned": usd(prices()["x_post"].price_usd),
        "x_read": usd(prices()["x_post_read"].price_usd),
        "x_owned": usd(prices()["x_owned_read"].price_usd),
        "pause": count(agent.pause_seconds()),
        "rounds": count(agent.rounds()),
        "question": count(agent.question_units()),
        "views": str(agent.VIEWS_AN_HOUR),
        "apart": count(agent.apart_seconds()),
        "thread": count(agent.thread_seconds()),
        "agent_days": str(agent.DAYS),
        "agent_hours": str(agent.HOURS),
        "agents_table": _agents(),
        "largest": count(largest),
        "agent_largest": usd(total(agent_lines)),
        "agent_table": priced(agent_lines, [("At list price", total(agent_lines))]),
        "mau_free": count(prices()["cognito_mau"].free),
        "write_bytes": str(capacity.WRITE_BYTES),
        "read_bytes": str(capacity.READ_BYTES),
        "token": count(measured()["case"]["token_characters"]),
        "runs": f"{min(d.runs for d in durations().values())} to {max(d.runs for d in durations().values())} each",
        "memory": _memory(),
        "full_cpu": str(FULL_CPU_MEGABYTES),
        "durations_table": _durations(),
        "reminder": str(_reminder()),
        "prices_table": _prices(),
    }


def _nothing() -> str:
    rows = [
        [line.what, f"{usd(prices()[line.key].price_usd)} / {prices()[line.key].unit}", usd(line.usd)]
        for line in idle.nothing()
    ]
    return table(["What", "List price", "Idle"], rows)


def _types() -> str:
    types = [resource["Type"] for resource in idle.resources().values()]
    rows = [[f"`{kind}`", str(types.count(kind)), idle.KNOWN[kind]] for kind in sorted(set(types))]
    return table(["Type", "How many", "Billed"], rows)


def _functions() -> str:
    rows = []
    for name, each in case.functions().items():
        calls = str(each["invocations"]) if "invocations" in each else "–"
        rows.append([f"`{name}`", calls, count(each["read"]), str(each["table_write"]), str(each["index_write"])])
    sums = [sum(float(row[n]) for row in rows if row[n] != "–") for n in range(1, 5)]
    rows.append(["**together**", *(f"**{count(amount)}**" for amount in sums)])
    head = ["Function", "Calls", "Reads", "Writes, table", "Writes, indexes"]
    return "\n".join("| " + " | ".join(c) + " |" for c in (head, ["---", *["---:"] * 4], *rows))


def _transactional_index_writes() -> int:
    """Index write units of the functions that write in transactions; more than those that really are in one."""
    return sum(each["index_write"] for each in case.functions().values() if "TransactWriteItems" in each["calls"])


def _thousand(everything: Sequence[Line], aws: Sequence[Line]) -> str:
    many = [Line(line.what, line.key, line.amount * THOUSAND) for line in everything]
    ours = many[: len(aws)]
    rows = [[line.what, count(line.amount), usd(line.usd)] for line in sorted(many, key=lambda line: -line.usd)]
    rows.append(["**AWS at list price**", "–", f"**{usd(total(ours))}**"])
    rows.append(["**AWS after the allowances**", "–", f"**{usd(beyond_free(ours))}**"])
    rows.append(["**AWS at list price and X**", "–", f"**{usd(total(many))}**"])
    return "\n".join("| " + " | ".join(c) + " |" for c in (["What", "Amount", "Cost"], ["---", "---:", "---:"], *rows))


def _agents() -> str:
    rows = []
    for size in agent.sizes():
        read = measured()["look"]["by_open_cases"][str(size)]
        month = usd(total(agent.lines(size)))
        rows.append([count(size), count(read["queue"]), count(read["conversation"]), month])
    return table(["Open cases", "Read units, queue", "Read units, conversation", "An agent's month"], rows)


def _memory() -> str:
    sizes = {str(idle.memory(name)) for name in durations()}
    if len(sizes) != 1:
        raise ValueError(f"the page speaks of one size of memory, the template has {sizes}")
    return sizes.pop()


def _durations() -> str:
    rows = [
        [f"`{name}`", *(f"{ms:.0f}" for ms in (found.quickest_ms, found.median_ms, found.longest_ms)), str(found.runs)]
        for name, found in durations().items()
    ]
    return table(["Function", "Quickest, ms", "Median, ms", "Longest, ms", "Runs"], rows)


def _reminder() -> int:
    states = case.states()
    if any(name not in states for name in REMINDER):
        raise ValueError("the workflow has no such round of reminding")
    return len(REMINDER)


def _prices() -> str:
    rows = [
        [p.name, p.unit, usd(p.price_usd), count(p.free * p.scale) if p.free else "–", p.date, p.note]
        for p in prices().values()
    ]
    head = ["What", "Unit", "List price", "Always free a month (single things)", "Read on", "Note"]
    return "\n".join("| " + " | ".join(c) + " |" for c in (head, ["---"] * 6, *rows))


def _counters() -> list[str]:
    """Names of the counters the code can write: first arguments of `log.count`, and what is passed on to it."""
    names: set[str] = set()
    for file in sorted([*(ROOT / "layers/hark/hark").rglob("*.py"), *(ROOT / "functions").rglob("*.py")]):
        for node in ast.walk(ast.parse(file.read_text())):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            position = {"count": 0, "_Refused": 1, "SignatureRefused": 0}.get(called)
            of_log = called != "count" or ast.unparse(node.func) == "log.count"
            if position is None or not of_log or len(node.args) <= position:
                continue
            metric = node.args[position]
            if isinstance(metric, ast.Constant) and isinstance(metric.value, str):
                names.add(metric.value)
    return sorted(names)
