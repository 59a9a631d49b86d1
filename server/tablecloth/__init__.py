"""Shared boards for people who work as equals.

A board is its log: people send edits, the server gives each one its place, and
the same pure fold turns the entries into the same board everywhere.

Nothing happens when this package or any module of it is imported.
"""

__version__ = "0.1.0"
