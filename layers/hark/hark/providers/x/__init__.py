"""X (provider `x`, platform `x`): mentions, replies and quotes in, public replies out."""
