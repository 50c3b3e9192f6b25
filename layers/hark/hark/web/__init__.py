"""The desk over HTTP: files, sign-in and API. Translates requests into use-cases and back."""
