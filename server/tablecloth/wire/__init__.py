"""The frames of the WebSocket and their codec. Rules: ``schemas/PROTOCOL.md``."""
