"""A board as files that outlive the server: packing them, drawing them, checking them."""
