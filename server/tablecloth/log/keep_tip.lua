-- Keep a board's signed tip, unless a later one is kept already: two workers may sign at the same time, in any order.
-- A log that is gone gets none: it would stand against what somebody brings back. A repeat is harmless.
-- KEYS[1] the tip (hash), KEYS[2] the log; ARGV: seq, at, chain, signature. Returns 1 if it was kept.

local held = tonumber(redis.call('HGET', KEYS[1], 'seq') or '0')
if held >= tonumber(ARGV[1]) or redis.call('EXISTS', KEYS[2]) == 0 then
  return 0
end
redis.call('HSET', KEYS[1], 'seq', ARGV[1], 'at', ARGV[2], 'chain', ARGV[3], 'signature', ARGV[4])
return 1
