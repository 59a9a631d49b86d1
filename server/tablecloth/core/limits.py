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
MAX_SECTION = 2000  # code points
MAX_LISTED = 1000  # elements a proposal
MAX_ROLL = 5000  # people
MAX_CARRIED = 16  # proposals a tick
MAX_OPEN_EACH = 3  # open proposals a person
MAX_OPEN = 12  # open proposals a space
MAX_EACH_HOUR = 10  # proposals a person and hour
MAX_PROPOSALS = 300  # proposals in the fold
HOLD_MS = 600000  # ms
