"""What foreign tools say of template and code, offline: checkov, parliament, bandit, semgrep, detect-secrets.

They live in an environment of their own (infra/posture.lock, made by the Makefile), because their pins are not ours.
"""
