"""`python -m infra.costs`: writes docs/costs.md and docs/data.md anew; `--print` only shows the first."""

from __future__ import annotations

import sys

from infra.costs.page import pages


def main(arguments: list[str]) -> int:
    """Write the pages."""
    made = {path: compute() for path, compute in pages().items()}
    if arguments == ["--print"]:
        print(next(iter(made.values())))
        return 0
    if arguments:
        print("usage: python -m infra.costs [--print]", file=sys.stderr)
        return 2
    for path, text in made.items():
        path.write_text(text)
        print(path.name)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
