"""``tablecloth bench``: how fast a board is on this machine, measured through real sockets with full
admission.

    server    a server process of its own with its embedded Valkey, on one core
    socket    the lightest WebSocket client that is still one
    people    clients that write a stated mix at a stated pace, and receive everything
    tally     when the last receiver had each entry
    joining   what it takes to join a full board
    report    figures as a table or JSON, with the machine that they are of
"""
