"""Made by ``make schemas`` from ``schemas/limits.json``, where each limit has its reason. Do not edit."""

FANOUT_PRESENCE_TICK_MS = 50  # ms
FANOUT_PRESENCE_BUDGET_BYTES = 6144  # bytes a receiver and tick
FANOUT_PRESENCE_BACKLOG_BYTES = 65536  # bytes
FANOUT_PRESENCE_BEAT_S = 10  # s
FANOUT_PRESENCE_LOST_S = 25  # s
FANOUT_ENTRIES_BACKLOG_BYTES = 1048576  # bytes
FANOUT_STUCK_AFTER_S = 20  # s
FANOUT_MAX_FLUSH_MS = 50  # ms
FANOUT_TAIL_ENTRIES = 5000  # entries
FANOUT_RECENT_BYTES = 8388608  # bytes a board and worker
FANOUT_ROOM_IDLE_S = 60  # s
LOG_SNAPSHOT_ENTRIES = 1000  # entries
LOG_FEED_ENTRIES = 20000  # entries a bucket
LOG_APPEND_BATCH = 512  # groups a Lua call
LOG_APPEND_BYTES = 2097152  # bytes a Lua call
LOG_APPEND_TIMEOUT_S = 3  # s
LOG_READ_ONLY_AFTER_S = 3  # s
LOG_APPEND_PATIENCE_S = 10  # s
LOG_MARK_DAYS = 90  # days
LOG_JOINS_AT_ONCE = 32  # joins a worker
SPACE_MAX_TITLE = 120  # code points
SPACE_MAX_BOARDS = 64  # boards a space
SPACE_MAX_BODY_BYTES = 16384  # bytes an HTTP request
SPACE_SPACES_PER_MINUTE = 60  # new spaces a minute and worker
