"""The desk table. One method per access pattern, named by the question it answers."""
