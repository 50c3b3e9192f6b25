"""Hark: a serverless social customer-care desk."""
