"""One folder per provider. `contract` says what a provider has to offer."""
