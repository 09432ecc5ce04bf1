"""Gradbook beside Python, evcxr and bare rustc: the same work through the same Jupyter client.

Read in this order: `rows` (what is measured), `work` (the cells), `peers` and `session` (who runs
them and how they are driven), `measures` (one module per measurement), then `figures`, `report`
and `picture` (what becomes of the numbers). `__main__` only wires.
"""
