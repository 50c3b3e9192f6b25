"""Use-cases, one module per verb family. Handlers translate and call one of these."""
