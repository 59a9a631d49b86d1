"""The only part that knows HTTP: Starlette app, routes, the WebSocket protocol, security headers, the built
client.
"""
