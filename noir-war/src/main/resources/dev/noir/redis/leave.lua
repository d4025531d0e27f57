-- A node leaves, unless a later life of it has taken its place.
-- KEYS: beats, info. ARGV: node, incarnation.
-- Returns 1, or 0 when it was not there.
local known = redis.call('HGET', KEYS[2], ARGV[1])
if not known or string.match(known, '^%S+') ~= ARGV[2] then
    return 0
end
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[2], ARGV[1])
return 1
