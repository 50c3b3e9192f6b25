"""Killing the functions' processes between any two writes of the path, and what must be true afterwards.

`hook/` is put on the functions' PYTHONPATH and nowhere else: the product knows nothing of it. `plans` is the folder
through which test and hook speak, `stories` are the lives of cases, `campaign` plays many of them at once, `checks`
say what must hold in the end.
"""
