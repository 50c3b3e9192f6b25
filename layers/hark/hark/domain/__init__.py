"""Pure rules of the desk: no input, no output, no clock of their own."""
