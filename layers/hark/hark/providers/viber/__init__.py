"""Viber: bots of the REST bot API. README.md says how to set one up and what to know."""
