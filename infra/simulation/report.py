"""What a campaign found, in the form of invariants, section 4, point 9."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from infra.simulation.campaign import Result
from infra.simulation.checks import MUST_BE_ZERO, Broken

FIGURES = {
    "steps": "calls of services and platforms", "deliveries": "deliveries tried", "events": "distinct events stored",
    "acknowledged": "deliveries acknowledged", "cases": "cases", "executions": "executions of the workflow",
    "replies_asked": "replies asked for", "posts": "posts made", "human": "replies a person was asked about",
    "given_up": "invocations given up (failure queue)",
}  # fmt: skip


@dataclass
class Campaign:
    """All results so far."""

    first: int
    wanted: int
    played: int = 0
    figures: Counter[str] = field(default_factory=Counter)
    struck: Counter[str] = field(default_factory=Counter)
    broken: list[tuple[int, Broken]] = field(default_factory=list)
    hunted: dict[str, int] = field(default_factory=dict)
    """Mutant → after how many seeds it showed; 0: never."""
    seconds: float = 0.0

    def take(self, result: Result) -> None:
        """Count one seed in."""
        self.played += 1
        self.figures += result.figures
        self.struck += result.struck
        self.broken += [(result.seed, each) for each in result.broken]

    @property
    def good(self) -> bool:
        """Nothing is broken, and every mutant was noticed."""
        return not self.broken and all(self.hunted.values())


MARK = "<!-- what follows is written by the campaign -->"


def into(page: Path, text: str) -> None:
    """Put a report into a page, in place of the one before it."""
    ours, mark, _ = page.read_text().partition(MARK)
    page.write_text(f"{ours}{mark or MARK}\n\n{text}")


def written(campaign: Campaign) -> str:
    """The report, as Markdown."""
    zero = Counter(each.what for _, each in campaign.broken)
    last = campaign.first + campaign.played - 1
    lines = [f"{campaign.played} seeds ({campaign.first} to {last}) in {campaign.seconds:.0f} s.", ""]
    lines += ["| What happened | How often |", "|---|---:|"]
    lines += [f"| {words} | {campaign.figures[name]:,} |" for name, words in FIGURES.items()]
    lines += ["", "| Fault | Struck |", "|---|---:|"]
    lines += [f"| {name.replace('_', ' ')} | {times:,} |" for name, times in sorted(campaign.struck.items())]
    lines += ["", "| Must be zero | Found |", "|---|---:|"]
    lines += [f"| {name.replace('_', ' ')} | {zero[name]} |" for name in MUST_BE_ZERO]
    for seed, each in campaign.broken[:20]:
        lines.append(f"- seed {seed}: {each.what}, {each.about}")
    if campaign.hunted:
        caught = sum(bool(tried) for tried in campaign.hunted.values())
        lines += ["", f"Mutants noticed: {caught} of {len(campaign.hunted)}.", "", "| Mutant | Noticed by seed |"]
        lines += ["|---|---:|"]
        lines += [f"| {name} | {tried or 'never'} |" for name, tried in campaign.hunted.items()]
    return "\n".join(lines) + "\n"
