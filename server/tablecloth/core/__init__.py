"""The pure heart of Tablecloth: edits, elements, text rebasing, fold and chain.

Nothing in here reads a clock, the network, the environment or a random source. Every rule is written down
with its number in ``schemas/FOLD.md``, held by vectors in ``schemas/vectors`` and mirrored in
``client/src/core``.
"""
