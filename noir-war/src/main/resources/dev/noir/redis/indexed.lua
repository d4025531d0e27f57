-- To whose logs something may have been added lately.
-- KEYS: the index. ARGV: how long ago at most, in ms. Returns the rooms.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
return redis.call('ZRANGEBYSCORE', KEYS[1], string.format('%.0f', now - tonumber(ARGV[1])), '+inf')
