-- Several bring the same lost record within a moment: the longest is to win (PROTOCOL-66). Each says how much it has; for
-- a short time all wait, then whoever has the most goes on.
--
-- KEYS[1] the offers of a board (hash: began, best); ARGV: seq, how long to wait in ms, how long offers are kept in s.
-- Returns [the best seq so far, ms that are left to wait].

local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local began = tonumber(redis.call('HGET', KEYS[1], 'began') or '0')
if began == 0 then
  began = now
  redis.call('HSET', KEYS[1], 'began', string.format('%.0f', now))
  redis.call('EXPIRE', KEYS[1], ARGV[3])
end
local best = math.max(tonumber(ARGV[1]), tonumber(redis.call('HGET', KEYS[1], 'best') or '0'))
redis.call('HSET', KEYS[1], 'best', string.format('%.0f', best))
return {best, math.max(0, began + tonumber(ARGV[2]) - now)}
