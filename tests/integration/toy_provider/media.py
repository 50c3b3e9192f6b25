"""Pigeons carry no pictures."""

HOSTS: tuple[str, ...] = ()
