"""Made by ``make schemas`` from ``schemas/limits.json``, where each limit has its reason. Do not edit."""

MAX_COORDINATE = 1000000000  # board units
MAX_SIZE = 1000000  # board units
MAX_ELEMENTS = 100000  # elements a board
MAX_TEXT = 50000  # code points a field
MAX_SPLICES = 8  # splices a text edit
MAX_INK_POINTS = 20000  # points an ink element
TEXT_WINDOW = 128  # text entries a field
MAX_REBASE_OPS = 128  # ops
TEXT_WINDOW_SEQS = 4096  # entries of the board
TEXT_WINDOW_MS = 60000  # ms
STALE_MS = 60000  # ms
MAX_SHORT_TEXT = 500  # code points
MAX_VALUES = 32  # properties an entry
MAX_WORDS = 8  # word properties an entry
MAX_LOCK_MINUTES = 480  # minutes
MAX_ORDER_KEY = 64  # characters
