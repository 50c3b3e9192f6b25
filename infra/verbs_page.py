"""`python -m infra.verbs_page`: writes docs/verbs.md from the rules of the verbs; `--print` only shows it."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

from hark.domain.failures import PLATFORMS
from hark.domain.verb_table import ANY, Phase, Rule, Table, table

from infra.costs.line import usd
from infra.expand import ROOT

PAGE = ROOT / "docs" / "verbs.md"

TOP = """# Verbs

What may be done about a message, by platform. Written by `python -m infra.verbs_page` from
the `verbs.toml` of each provider's folder, which are what the desk itself goes by: nothing is sent that they do not
allow.

A verb is forbidden for the first reason in its row that is true. Before all of them come these:
{everywhere}. {paused}

Times count from the moment a message was written, and an end is not part of its time: exactly 24 hours after the
person's last word the first day is over. Prices are for one sending or act, at list price."""

COUNTINGS = {"x_weighted": "as X weighs them", "characters": "characters", "utf8_bytes": "bytes of UTF-8"}
CLOCKS = {"last_inbound": "the person last wrote in private", "written": "the message was written"}
HEAD = ["Verb", "On", "Longest", "When", "Price", "Forbidden"]


def text() -> str:
    """The page."""
    rules = table().rule
    parts = [TOP.format(everywhere=_codes(table().everywhere.values()), paused=_paused(table()))]
    for platform in dict.fromkeys(rule.platform for rule in rules):
        name = "Anything else" if platform == ANY else PLATFORMS[platform]
        rows = [_row(rule) for rule in rules if rule.platform == platform]
        parts.append(f"## {name}\n\n{_table(HEAD, rows)}")
    parts.append(f"## Reasons\n\n{_table(['Code', 'What an agent reads'], list(_reasons(table())))}")
    return "\n\n".join(parts) + "\n"


def _row(rule: Rule) -> list[str]:
    surfaces = "anything" if rule.surfaces == (ANY,) else ", ".join(each.replace("_", " ") for each in rule.surfaces)
    longest = f"{rule.limit:,} {COUNTINGS[rule.counting]}" if rule.limit and rule.counting else "–"
    codes = [*rule.unless.values(), *([rule.over] if rule.over else [])]
    return [f"`{rule.verb}`", surfaces, longest, _when(rule), _price(rule), _codes(codes)]


def _when(rule: Rule) -> str:
    if rule.verb == "by_hand":
        return f"at `{rule.link}`" if rule.link else "at the message's own link"
    if "always" in rule.unless:
        return "never"
    if rule.clock is None:
        return "at any time"
    said = [_phase(phase, before) for phase, before in zip(rule.phases, (None, *rule.phases[:-1]), strict=True)]
    return f"since {CLOCKS[rule.clock]}: " + "; ".join(said)


def _phase(phase: Phase, before: Phase | None) -> str:
    start = f"from {before.hours} h" if before else ""
    end = f"until {phase.hours} h" if phase.hours else "on"
    said = " ".join(word for word in (start, end) if word)
    terms = [f"as `{phase.tag}`"] if phase.tag else []
    terms += [f"told {_codes([phase.note])}"] if phase.note else []
    terms += [f"a person wrote it, else {_codes([phase.person_only])}"] if phase.person_only else []
    terms += [f"`{phase.feature}` was granted, else {_codes([phase.not_granted])}"] if phase.feature else []
    return f"{said} ({', '.join(terms)})" if terms else said


def _price(rule: Rule) -> str:
    if any(phase.contract_price for phase in rule.phases):
        return "free, then the brand's own"
    if rule.price is None:
        return "free"
    with_link = rule.price.with_link_usd
    return usd(rule.price.usd) + (f", with a link {usd(with_link)}" if with_link is not None else "")


def _codes(codes: Iterable[str]) -> str:
    return ", ".join(f"`{code}`" for code in codes) or "–"


def _paused(rules: Table) -> str:
    return f"An account that cannot act forbids nothing: what is sent waits (`{rules.paused}`)."


def _reasons(rules: Table) -> Iterator[list[str]]:
    codes = [rules.paused, *rules.everywhere.values(), *(code for rule in rules.rule for code in rule.codes())]
    for code in sorted(set(codes)):
        yield [f"`{code}`", rules.wording(code).replace("{platform}", "*platform*")]


def _table(head: list[str], rows: list[list[str]]) -> str:
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (head, ["---"] * len(head), *rows))


def main(arguments: list[str]) -> int:
    """Write the page."""
    if arguments == ["--print"]:
        print(text(), end="")
        return 0
    if arguments:
        print("usage: python -m infra.verbs_page [--print]", file=sys.stderr)
        return 2
    PAGE.write_text(text())
    print(PAGE.name)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
