"""Fetching what strangers point at: addresses that are checked, answers that are limited, bytes that are looked at.

Knows nothing of brands, cases or platforms. Standard library only.
"""
