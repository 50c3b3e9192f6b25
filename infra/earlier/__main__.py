"""`make n-1`: this code on an earlier version's data, and that version's code on this one's (I36).

The earlier version lies in a worktree of its own. Each plays a morning (`infra.earlier.day`), and both take up either's
afternoon: they have to end the same. `--record COMMIT` keeps what that version wrote, for the
gate, which has no history.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from infra.earlier.day import WITHOUT_POLICY
from infra.expand import ROOT

RECORDED = ROOT / "tests" / "earlier" / "day.json"


@contextmanager
def worktree(commit: str) -> Iterator[Path]:
    """That commit's files."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "earlier"
        subprocess.run(["git", "worktree", "add", "--quiet", "--detach", place, commit], cwd=ROOT, check=True)
        try:
            yield place
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", place], cwd=ROOT, check=True)


def half(code: Path, *what: object, **environment: str) -> None:
    """One half of the day with the code that lies there, in a process of its own."""
    path = os.pathsep.join((str(code), str(code / "layers" / "hark")))
    command = [sys.executable, str(ROOT / "infra" / "earlier" / "day.py"), str(code), *map(str, what)]
    subprocess.run(
        command, cwd=code, env={**os.environ, "PYTHONPATH": path, **environment}, check=True, stdout=subprocess.DEVNULL
    )


def outcome(code: Path, dump: Path) -> Any:
    """How the afternoon ends with that code."""
    said = dump.with_name("outcome.json")
    half(code, "afternoon", dump, said)
    return json.loads(said.read_text())


def a_line_each(kept: dict[str, Any]) -> str:
    """As JSON, each item and each other thing on a line of its own."""
    items = ",\n".join(json.dumps(item, sort_keys=True, ensure_ascii=False) for item in kept["items"])
    others = (
        f"{json.dumps(name)}: {json.dumps(kept[name], sort_keys=True)}" for name in sorted(kept) if name != "items"
    )
    return "{\n" + ",\n".join((*others, f'"items": [\n{items}\n]')) + "\n}\n"


def main(commit: str, *, record: bool) -> int:
    """0 when both versions go on with what either has written, and end the same."""
    wrong = 0
    with worktree(commit) as earlier, tempfile.TemporaryDirectory() as folder:
        plain: dict[str, str] = {}
        if "def from_store" not in (earlier / "layers/hark/hark/domain/policy.py").read_text():
            plain = {WITHOUT_POLICY: "yes"}
            print("N's data is without saved settings: that version refuses any that it does not know")
        for name, writes, others in (("N-1's data", earlier, ROOT), ("N's data", ROOT, earlier)):
            dump = Path(folder) / "morning.json"
            half(writes, "morning", dump, **(plain if writes is ROOT else {}))
            own, taken_up = outcome(writes, dump), outcome(others, dump)
            same = own == taken_up
            wrong += not same
            print(
                f"{name}: {len(json.loads(dump.read_text())['items'])} items, {'the same' if same else 'NOT the same'}"
            )
            if not same:
                print(json.dumps({"who wrote it": own, "who took it up": taken_up}, indent=1))
            if record and writes is earlier:
                kept = {"commit": commit, **json.loads(dump.read_text()), "outcome": own}
                RECORDED.parent.mkdir(exist_ok=True)
                RECORDED.write_text(a_line_each(kept))
                workflow = earlier / "infra" / "workflow" / "case.asl.yaml"
                RECORDED.with_name("case.asl.yaml").write_text(workflow.read_text())
    return wrong


if __name__ == "__main__":
    recording = sys.argv[1:2] == ["--record"]
    asked = sys.argv[2] if recording else json.loads(RECORDED.read_text())["commit"]
    sys.exit(main(asked, record=recording))
