-- Who is in a space, of all workers: each stays for a while after its worker named it last, by the store's own clock.
-- KEYS[1] who is there (sorted set); ARGV[1] for how long they stay, in ms; ARGV[2] how many stay; then those, then those
-- who leave. Returns who is there. A repeat is harmless.

local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local stay = tonumber(ARGV[2])
for i = 3, #ARGV do
  if i - 2 <= stay then
    redis.call('ZADD', KEYS[1], now + tonumber(ARGV[1]), ARGV[i])
  else
    redis.call('ZREM', KEYS[1], ARGV[i])
  end
end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return redis.call('ZRANGE', KEYS[1], 0, -1)
