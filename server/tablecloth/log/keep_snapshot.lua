-- Keep a board's snapshot, unless a later one is kept already: two workers may save at the same time, in any order.
-- A repeat is harmless. KEYS[1] the snapshot (hash); ARGV: seq, chain, data. Returns 1 if it was kept.

local held = tonumber(redis.call('HGET', KEYS[1], 'seq') or '0')
if held >= tonumber(ARGV[1]) then
  return 0
end
redis.call('HSET', KEYS[1], 'seq', ARGV[1], 'chain', ARGV[2], 'data', ARGV[3])
return 1
