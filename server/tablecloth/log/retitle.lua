-- Put another list of boards in the place of the one that was read, unless somebody changed it meanwhile.
-- KEYS[1] the space (hash); ARGV: the list that was read, and the new one, as they lie there.
-- Returns 1 if it is there now, 0 if it was changed: read again.

if redis.call('HGET', KEYS[1], 'boards') ~= ARGV[1] then
  return 0
end
redis.call('HSET', KEYS[1], 'boards', ARGV[2])
return 1
