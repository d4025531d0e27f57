-- Says that a node lives, forgets those that have not said so for a TTL, and returns who is left.
-- KEYS: beats, info, since. ARGV: node, incarnation, what it says about itself, TTL in ms, 1 for the first beat of its life.
-- Returns {ms since when there have been nodes, id, 'incarnation json', ms left, id, …}, or {-1} when a later life of the
-- node has taken its place.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now)) do
    redis.call('ZREM', KEYS[1], id)
    redis.call('HDEL', KEYS[2], id)
end
local known = redis.call('HGET', KEYS[2], ARGV[1])
if known and ARGV[5] ~= '1' and string.match(known, '^%S+') ~= ARGV[2] then
    return {-1}
end
redis.call('ZADD', KEYS[1], string.format('%.0f', now + ARGV[4]), ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2] .. ' ' .. ARGV[3])
redis.call('SET', KEYS[3], string.format('%.0f', now), 'NX')
for _, key in ipairs(KEYS) do
    redis.call('PEXPIRE', key, ARGV[4])
end
-- A clock set back must not make the store older than it is.
local reply = {math.max(0, now - tonumber(redis.call('GET', KEYS[3])))}
local beats = redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')
for i = 1, #beats, 2 do
    table.insert(reply, beats[i])
    table.insert(reply, redis.call('HGET', KEYS[2], beats[i]) or '')
    table.insert(reply, tonumber(beats[i + 1]) - now)
end
return reply
