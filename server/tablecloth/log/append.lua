-- Append the groups of one tick to the logs of one bucket: all that a call appends, or nothing of it.
--
-- Invariants
--   * A log's ids are <seq>-0, without holes. A group's entries stand next to each other (PROTOCOL-21).
--   * `at` comes from the store's clock and is never below the log's last one.
--   * Of a session's groups only n = mark + 1 is taken; what was settled is answered as it was (PROTOCOL-20). So this
--     script may be repeated, and is the only thing that may be (TRAPS 1).
--   * Everything is read and checked before the first write: a full store refuses the first write, and a later one
--     can't go wrong. A store that exits half-way has the whole call in its AOF, as one transaction, or nothing.
--
-- KEYS[1]    the bucket's feed
-- KEYS[2..]  logs and marks; a group names its two by their place here
-- ARGV[1]    groups, as MessagePack of the old kind (this decoder knows no bin):
--              [log, mark, board, n, refusal or "", [tail of each entry: bin(head) bin(body), or bin(head) nil],
--               1 if the mark's expiry is to be written anew, else 0: a worker asks for it twice a day,
--               and 2 more if it may not begin a log,
--               then, if it was thought out for a state of its log: [seq, since, until], [[log, board, [tail…]]…]:
--               unless the log's last seq is that and its time in there, nothing is done, and the answer is `moved`;
--               else the others are appended too. A group with n = 0 has no mark (0).
-- ARGV[2]    how many entries a feed keeps at least
-- ARGV[3]    how many outcomes a mark keeps
-- ARGV[4]    how long a mark stays after its last use, in seconds
--
-- Returns a flat list, four items a group: seq of its first entry or 0, code or "", 1 if it was settled before, mark.
--
-- Keys as they are written
--   log   stream   <seq>-0   e: 94 | cf seq(8) | cf at(8) | bin head | bin body or c0      the bytes that are sent
--   feed  stream   automatic ids   <board>: the same bytes                                 the newest, for workers
--   mark  string   slots of 16 characters, filled up with spaces:
--                  | dropped | outcome of n = dropped + 1 | outcome of the next n | ...    a seq, or a refusal's code
--                  Appending is the only write but for one in 256, 20 KB hold 1,024 outcomes, and people can read it.
--                  (Rejected: a hash, 70 KB; a stream, 4 KB before its first entry.)

local call, pack, format = redis.call, struct.pack, string.format
local SLOT, SLACK = 16, 256

local groups = cmsgpack.unpack(ARGV[1])
local feed_entries, kept, mark_s = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local time = call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)

local function slot(outcome)
  if type(outcome) == 'number' then
    -- tostring() would turn to 1e+15.
    outcome = format('%.0f', outcome)
  end
  return format('%-16s', outcome)
end

local function outcome_in(text)
  text = string.match(text, '^(%S*)')
  return tonumber(text) or text
end

-- A log's last seq and at. The last *generated* id counts: an entry that was taken out leaves its seq used (TRAPS 8).
local function read_log(key)
  local log = {seq = 0, at = 0}
  if call('EXISTS', key) == 1 then
    local info = call('XINFO', 'STREAM', key)
    for i = 1, #info, 2 do
      if info[i] == 'last-generated-id' then
        log.seq = tonumber(string.match(info[i + 1], '^%d+'))
      elseif info[i] == 'last-entry' and info[i + 1] then
        log.at = struct.unpack('>I8', info[i + 1][2][2], 12)
      end
    end
  end
  log.at = math.max(now, log.at)
  log.stamp = '\207' .. pack('>I8', log.at)
  return log
end

local function read_mark(key)
  local length = call('STRLEN', key)
  if length == 0 then
    return {n = 0, dropped = 0, stored = 0, is_new = true, fresh = {}}
  end
  local dropped = tonumber(call('GETRANGE', key, 0, SLOT - 1))
  local stored = length / SLOT - 1
  return {n = dropped + stored, dropped = dropped, stored = stored, fresh = {}}
end

local function outcome_of(mark, key, n)
  if n <= mark.n - kept or n <= mark.dropped then
    return 'long-ago'
  end
  local place = n - mark.dropped
  if place > mark.stored then
    return mark.fresh[place - mark.stored]
  end
  return outcome_in(call('GETRANGE', key, place * SLOT, place * SLOT + SLOT - 1))
end

local logs, marks, answers = {}, {}, {}
local appended = {}

local function log_of(key)
  local log = logs[key]
  if not log then
    log = read_log(key)
    logs[key] = log
  end
  return log
end

local function add(log_key, board, tails)
  local log = log_of(log_key)
  for _, tail in ipairs(tails) do
    log.seq = log.seq + 1
    local entry = '\148\207' .. pack('>I8', log.seq) .. log.stamp .. tail
    appended[#appended + 1] = {log_key, format('%.0f-0', log.seq), entry, board}
  end
end

local function fits(log, when)
  return not when or (log.seq == when[1] and log.at >= when[2] and log.at < when[3])
end

-- First nothing but reading and deciding.
for i = 1, #groups do
  local group = groups[i]
  local mark_key, n = KEYS[group[2]], group[4]
  local mark = mark_key and marks[mark_key] or {n = -1, fresh = {}}
  if mark_key and not marks[mark_key] then
    mark = read_mark(mark_key)
    marks[mark_key] = mark
  end
  local outcome, repeated = nil, 0
  if n <= mark.n then
    outcome, repeated = outcome_of(mark, mark_key, n), 1
  elseif n > mark.n + 1 then
    outcome = 'gap'
  else
    outcome = group[5]
    if outcome == '' then
      local log_key = KEYS[group[1]]
      local log = log_of(log_key)
      if log.seq == 0 and group[7] >= 2 then
        return redis.error_reply('NOLOG the log of a board is gone')
      end
      if fits(log, group[8]) then
        outcome = log.seq + 1
        add(log_key, group[3], group[6])
        for _, other in ipairs(group[9] or {}) do
          add(KEYS[other[1]], other[2], other[3])
        end
      else
        outcome = 'moved'
      end
    end
    if outcome ~= 'moved' then
      mark.n = n
      mark.renew = mark.renew or group[7] % 2 == 1
      mark.fresh[#mark.fresh + 1] = outcome
    end
  end
  local at = #answers
  if type(outcome) == 'number' then
    answers[at + 1], answers[at + 2] = outcome, ''
  else
    answers[at + 1], answers[at + 2] = 0, outcome
  end
  answers[at + 3], answers[at + 4] = repeated, math.max(0, mark.n)
end

-- Then nothing but writing.
for _, entry in ipairs(appended) do
  call('XADD', entry[1], entry[2], 'e', entry[3])
  call('XADD', KEYS[1], '*', entry[4], entry[3])
end
if #appended > 0 then
  call('XTRIM', KEYS[1], 'MAXLEN', '~', feed_entries)
end

for key, mark in pairs(marks) do
  local fresh = mark.fresh
  if #fresh > 0 then
    local slots = {}
    for i = 1, #fresh do
      slots[i] = slot(fresh[i])
    end
    local text = table.concat(slots)
    local count = mark.stored + #fresh
    if mark.is_new then
      call('SET', key, slot(0) .. text, 'EX', mark_s)
    elseif count <= kept + SLACK then
      call('APPEND', key, text)
      if mark.renew then
        call('EXPIRE', key, mark_s)
      end
    else
      text = call('GETRANGE', key, SLOT, -1) .. text
      call('SET', key, slot(mark.n - kept) .. string.sub(text, -kept * SLOT), 'EX', mark_s)
    end
  end
end

return answers
