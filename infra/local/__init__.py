"""The real template on one machine: no account, no container, no network."""
