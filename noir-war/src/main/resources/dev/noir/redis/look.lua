-- What the store knows of a node now.
-- KEYS: beats, info, since. ARGV: node.
-- Returns {ms of Redis's clock, since when there have been nodes or '', the node's record or ''}.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
return {now, redis.call('GET', KEYS[3]) or '', redis.call('HGET', KEYS[2], ARGV[1]) or ''}
