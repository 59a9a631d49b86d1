-- Keep a space's side data, if there is none: two workers may take up the same space at once. A repeat is harmless.
-- KEYS[1] the space (hash); ARGV: names and values in turn. Returns 1 if it was kept, 0 if there is a space already.

if redis.call('EXISTS', KEYS[1]) == 1 then
  return 0
end
redis.call('HSET', KEYS[1], unpack(ARGV))
return 1
