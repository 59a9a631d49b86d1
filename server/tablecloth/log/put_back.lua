-- Put a lost part of a log back (PROTOCOL-66). A log is only ever begun or extended here, never cut or changed.
-- A repeat is harmless.
--
-- KEYS[1] the log, KEYS[2] what was brought (a stream with the same ids), KEYS[3] the bucket's feed
-- ARGV[1] the last seq that was brought, ARGV[2] the seq of the log's last entry as the caller compared it (0: there
-- is no log), ARGV[3] that entry's bytes, ARGV[4] the board
-- Returns the log's last seq afterwards; -1 if the log is not as it was compared.

local last, held = tonumber(ARGV[1]), tonumber(ARGV[2])
if redis.call('EXISTS', KEYS[1]) == 0 then
  if held ~= 0 then
    return -1
  end
  redis.call('RENAME', KEYS[2], KEYS[1])
  redis.call('PERSIST', KEYS[1])
else
  local tip = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
  local seq = tip and tonumber(string.match(tip[1], '^%d+')) or 0
  if seq ~= held or (held > 0 and tip[2][2] ~= ARGV[3]) then
    return -1
  end
  for _, entry in ipairs(redis.call('XRANGE', KEYS[2], string.format('%.0f-0', held + 1), '+')) do
    redis.call('XADD', KEYS[1], entry[1], 'e', entry[2][2])
  end
  redis.call('DEL', KEYS[2])
end
-- The feed brings the last one: whoever has the board open sees that others are missing, and reads the log.
local entry = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
redis.call('XADD', KEYS[3], '*', ARGV[4], entry[2][2])
return last
