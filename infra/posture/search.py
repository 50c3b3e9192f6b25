"""detect-secrets on files, in a process of its own: reads `{"detectors": […], "files": […]}`, prints JSON lines.

Its own command asks each detector about each line: a minute for our files. Here a detector that goes by a form is asked
about a file only when its form occurs in it.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

from detect_secrets.core import scan
from detect_secrets.core.plugins import initialize
from detect_secrets.plugins.base import RegexBasedDetector
from detect_secrets.settings import transient_settings


def main() -> int:
    """Print `{rule, file, line}` for each secret; nothing is tried out at its issuer."""
    asked = json.load(sys.stdin)
    with transient_settings({"plugins_used": [{"name": name} for name in asked["detectors"]]}):
        made = {name: initialize.from_plugin_classname(name) for name in asked["detectors"]}
    for file in asked["files"]:
        text = Path(file).read_text(errors="replace")
        fitting = [name for name, detector in made.items() if _may_occur(detector, text)]
        if fitting:
            with transient_settings({"plugins_used": [{"name": name} for name in fitting]}) as settings:
                settings.disable_filters("detect_secrets.filters.common.is_ignored_due_to_verification_policies")
                for secret in scan.scan_file(file):
                    print(json.dumps({"rule": secret.type, "file": file, "line": secret.line_number}))
    return 0


def _may_occur(detector: Any, text: str) -> bool:
    """Whether a detector can find anything; those that do not go by a form are always asked."""
    if not isinstance(detector, RegexBasedDetector):
        return True
    return any(re.search(form.pattern, text, form.flags | re.MULTILINE) for form in detector.denylist)


if __name__ == "__main__":
    sys.exit(main())
