-- Says that a node lives, forgets those that have not said so for a TTL, and returns who is left.
-- KEYS: beats, info, since. ARGV: node, incarnation, its record, TTL in ms, 1 to take the place of whoever stands there under its id.
-- Returns {ms of Redis's clock, since when there have been nodes, id, record, ms left, id, …}, or {-1, ms, record} when another life
-- of the node stands there.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now)) do
    redis.call('ZREM', KEYS[1], id)
    redis.call('HDEL', KEYS[2], id)
end
local known = redis.call('HGET', KEYS[2], ARGV[1])
if known and ARGV[5] ~= '1' and string.match(known, '^%S+') ~= ARGV[2] then
    return {-1, now, known}
end
redis.call('ZADD', KEYS[1], string.format('%.0f', now + ARGV[4]), ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[3])
redis.call('SET', KEYS[3], string.format('%.0f', now), 'NX')
for _, key in ipairs(KEYS) do
    redis.call('PEXPIRE', key, ARGV[4])
end
local reply = {now, redis.call('GET', KEYS[3])}
local beats = redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')
for i = 1, #beats, 2 do
    local left = tonumber(beats[i + 1]) - now
    if left > tonumber(ARGV[4]) then
        -- The clock was set back: nobody lives longer than a TTL for that.
        left = tonumber(ARGV[4])
        redis.call('ZADD', KEYS[1], string.format('%.0f', now + left), beats[i])
    end
    table.insert(reply, beats[i])
    table.insert(reply, redis.call('HGET', KEYS[2], beats[i]) or '')
    table.insert(reply, left)
end
return reply
