-- A node leaves, unless a later life of it has taken its place. Its last word stays for as long as others, if there are
-- any, may need to hear it.
-- KEYS: beats, info, since. ARGV: node, incarnation, its last record, TTL in ms.
-- Returns 1, or 0 when it was not there.
local known = redis.call('HGET', KEYS[2], ARGV[1])
if not known or string.match(known, '^%S+') ~= ARGV[2] then
    return 0
end
if #redis.call('ZRANGE', KEYS[1], 0, -1) <= 1 then
    redis.call('ZREM', KEYS[1], ARGV[1])
    redis.call('HDEL', KEYS[2], ARGV[1])
    return 1
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', KEYS[1], string.format('%.0f', now + ARGV[4]), ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[3])
for _, key in ipairs(KEYS) do
    redis.call('PEXPIRE', key, ARGV[4])
end
return 1
