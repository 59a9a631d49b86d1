"""Pictures that people bring: what comes in is never trusted, what is kept was made here (TRAPS 22).

``reading`` makes the picture that is kept; ``child`` is the process of its own, with bounds on memory, time
and files, in which that happens; ``decoding`` is the worker's side of it.
"""
