"""Rules of our own for the template, the workflow and the repository. `python -m infra.lint` is part of the gate."""
