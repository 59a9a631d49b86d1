"""Made by ``make schemas`` from ``schemas/limits.json``, where each limit has its reason. Do not edit."""

MAX_MESSAGE_BYTES = 131072  # bytes
MAX_GROUP_EDITS = 200  # edits an atomic group
MAX_OPEN_BOARDS = 16  # boards a connection
MAX_QUEUE_MESSAGES = 256  # messages a connection
MAX_BAD_FRAMES = 20  # frames a connection
MAX_IN_FLIGHT = 128  # unacknowledged groups a connection and board
MAX_IN_FLIGHT_BYTES = 4194304  # bytes a connection
EDITS_PER_S = 200  # edits a second and connection
EDITS_BURST = 2000  # edits
PRESENCE_PER_S = 40  # presence frames a second and connection
MESSAGES_PER_S = 500  # messages a second and connection
MESSAGES_BURST = 4000  # messages a connection
MAX_NAME = 60  # code points
MAX_HERE_ELEMENTS = 50  # elements selected or dragged
MAX_STROKE_BYTES = 4096  # bytes
MARK_OUTCOMES = 1024  # outcomes a session and board
ANONYMOUS_LEAST_S = 3  # s
ANONYMOUS_MOST_S = 20  # s
ANONYMOUS_AWAY_S = 120  # s
ANONYMOUS_APART_S = 2  # s
MAX_WITHDRAW_ELEMENTS = 100  # elements a withdraw frame
WITHDRAWALS_BURST = 5  # withdraw frames a connection
HELLO_TIMEOUT_S = 10  # s
