-- Something is about to be added to the logs of these rooms.
-- KEYS: the index of all, that of those whose logs may be open. ARGV: TTL in ms, the rooms. Returns 1.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for i = 2, #ARGV do
    redis.call('ZADD', KEYS[1], string.format('%.0f', now), ARGV[i])
    redis.call('ZADD', KEYS[2], string.format('%.0f', now), ARGV[i])
end
local old = string.format('%.0f', now - tonumber(ARGV[1]))
for _, room in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', old, 'LIMIT', 0, 100)) do
    redis.call('ZREM', KEYS[1], room)
end
redis.call('PEXPIRE', KEYS[1], ARGV[1])
redis.call('PEXPIRE', KEYS[2], ARGV[1])
return 1
