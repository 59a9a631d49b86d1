-- Copy the next entries of a stream into one that will take its place, without the bodies that were withdrawn.
--
-- XDEL and XTRIM leave an entry's bytes where they are in its node, and from there they come into every RDB, and into
-- the AOF, whose base is one. So the stream is written anew, with the same ids, in calls of bounded length. The last
-- call, which finds nothing more to copy, puts it in place of the old one: nobody can append between the two.
--
-- KEYS[1] the stream   KEYS[2] the one that is made   KEYS[3] who makes it
-- ARGV[1] token of who makes it   ARGV[2] how many entries a call   ARGV[3] the field of entries that are meant
-- ARGV[4] seqs to withhold, as MessagePack; empty with ARGV[5] = 1 to begin
--
-- Returns 0 (more to do), 1 (done), -1 (somebody else makes it now).

local call = redis.call
if call('GET', KEYS[3]) ~= ARGV[1] then
  return -1
end
call('EXPIRE', KEYS[3], 30)
if ARGV[5] == '1' then
  call('DEL', KEYS[2])
end
if call('EXISTS', KEYS[1]) == 0 then
  call('DEL', KEYS[2], KEYS[3])
  return 1
end

local doomed = {}
for _, seq in ipairs(cmsgpack.unpack(ARGV[4])) do
  doomed[seq] = true
end

-- An entry is 94 | cf seq(8) | cf at(8) | bin head | bin body or c0.
local function withheld(entry)
  local kind = string.byte(entry, 20)
  local from, length
  if kind == 0xc4 then
    from, length = 22, string.byte(entry, 21)
  elseif kind == 0xc5 then
    from, length = 23, struct.unpack('>I2', entry, 21)
  else
    from, length = 25, struct.unpack('>I4', entry, 21)
  end
  return string.sub(entry, 1, from + length - 1) .. '\192'
end

local after = '-'
if call('EXISTS', KEYS[2]) == 1 then
  after = '(' .. call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', 1)[1][1]
end
local entries = call('XRANGE', KEYS[1], after, '+', 'COUNT', ARGV[2])
for _, one in ipairs(entries) do
  local field, entry = one[2][1], one[2][2]
  if field == ARGV[3] and doomed[struct.unpack('>I8', entry, 3)] then
    entry = withheld(entry)
  end
  call('XADD', KEYS[2], one[1], field, entry)
end
if #entries == tonumber(ARGV[2]) then
  return 0
end
if call('EXISTS', KEYS[2]) == 1 then
  call('RENAME', KEYS[2], KEYS[1])
end
call('DEL', KEYS[3])
return 1
