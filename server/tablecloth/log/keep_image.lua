-- Keep a picture of a space once, within the space's bounds. A repeat is harmless.
-- KEYS[1] the picture (hash: type, w, h, data); KEYS[2] the space (hash); KEYS[3] its pictures (hash: asset -> bytes)
-- ARGV: asset, type, w, h, data, most bytes, most pictures. Returns 1 if it is there, 0 if there is no room, -1 if there is
-- no such space.

local call = redis.call
if call('HEXISTS', KEYS[3], ARGV[1]) == 1 then
  return 1
end
if call('EXISTS', KEYS[2]) == 0 then
  return -1
end
local bytes = #ARGV[5]
local sizes = call('HVALS', KEYS[3])
for _, size in ipairs(sizes) do
  bytes = bytes + tonumber(size)
end
if bytes > tonumber(ARGV[6]) or #sizes >= tonumber(ARGV[7]) then
  return 0
end
call('HSET', KEYS[1], 'type', ARGV[2], 'w', ARGV[3], 'h', ARGV[4], 'data', ARGV[5])
call('HSET', KEYS[3], ARGV[1], #ARGV[5])
return 1
