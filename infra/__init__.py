"""Everything around the code: workflow, local cloud, rules of the gate, measurements."""
