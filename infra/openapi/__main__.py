"""`python -m infra.openapi`: writes docs/openapi.json; exit status 1 when a route promises nothing."""

from __future__ import annotations

import sys

from infra.openapi import document
from infra.openapi.operations import undeclared


def main() -> int:
    """Write the document and say what is not in it."""
    document.PAGE.write_text(document.text(), "utf-8")
    lacking = undeclared()
    for sentence in lacking:
        print(sentence, file=sys.stderr)
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
