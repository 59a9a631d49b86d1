-- Name one more board in a space, unless it is named already or the space has as many as it may: two workers may do so at
-- the same time. A repeat is harmless. KEYS[1] the space (hash); ARGV: board, most boards, and [board, title] as
-- MessagePack.
-- Returns 1 if it is named there, 0 if there is no room, -1 if there is no such space.
--
-- The list is put together as bytes, and only read by cmsgpack: what it writes of words depends on its version.

local held = redis.call('HGET', KEYS[1], 'boards')
if not held then
  return -1
end
local boards = cmsgpack.unpack(held)
for _, each in ipairs(boards) do
  if each[1] == ARGV[1] then
    return 1
  end
end
local count = #boards
if count >= tonumber(ARGV[2]) then
  return 0
end
local first = string.byte(held)
local items = string.sub(held, first < 160 and 2 or 4) -- 9x, or dc and two bytes
count = count + 1
local head = count < 16 and string.char(144 + count) or string.char(220, math.floor(count / 256), count % 256)
redis.call('HSET', KEYS[1], 'boards', head .. items .. ARGV[3])
return 1
