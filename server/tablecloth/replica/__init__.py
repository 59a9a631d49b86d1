"""A participant's side of a board, with no I/O: what is folded, what is pending, what to send."""
