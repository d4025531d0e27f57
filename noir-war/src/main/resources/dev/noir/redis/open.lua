-- Rooms whose logs may be open.
-- KEYS: their index. ARGV: rooms whose logs are closed or forgotten, as somebody has just seen: they go, unless something was about to be
-- written in the last minute. Returns the others.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local old = {}
for _, room in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now - 60000))) do
    old[room] = true
end
for _, room in ipairs(ARGV) do
    if old[room] then
        redis.call('ZREM', KEYS[1], room)
    end
end
return redis.call('ZRANGE', KEYS[1], 0, -1)
