"""A provider made up for a test: notes carried by pigeons."""
