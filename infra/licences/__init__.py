"""Under which licences everything stands that Hark is made of. `python -m infra.licences` writes docs/licences.md."""
