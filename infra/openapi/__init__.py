"""The desk's API as a document for programs: docs/openapi.json, made of the contracts that stand above the routes."""
