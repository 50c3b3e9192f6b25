"""checkov's checks of CloudFormation on expanded templates: runs inside the tools' environment, prints JSON lines.

Its command line loads the checks of every other language as well and takes 14 seconds for what this does in nine.
"""

from __future__ import annotations

import json
import sys

from checkov.cloudformation.runner import Runner
from checkov.runner_filter import RunnerFilter


def main(files: list[str]) -> int:
    """Print `{check, resource, file, says}` for each failed check; 2 when nothing could be checked."""
    report = Runner().run(root_folder=None, files=files, runner_filter=RunnerFilter(framework=["cloudformation"]))
    for failed in report.failed_checks:
        print(
            json.dumps(
                {
                    "check": failed.check_id,
                    "resource": failed.resource.rsplit(".", 1)[-1],
                    "file": failed.file_path,
                    "says": failed.check_name,
                }
            )
        )
    return 2 if report.parsing_errors or not report.passed_checks else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
