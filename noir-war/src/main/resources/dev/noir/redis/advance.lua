-- How far a webhook's receiver is in a room's log.
-- KEYS: who delivers, the webhook's positions. ARGV: this life of the node, TTL in ms, the room, number and time of the event or '' for none.
-- Returns 1, or 0 when another node delivers, or none.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
    return 0
end
if ARGV[4] == '' then
    redis.call('HDEL', KEYS[2], ARGV[3])
else
    redis.call('HSET', KEYS[2], ARGV[3], ARGV[4])
end
redis.call('PEXPIRE', KEYS[2], ARGV[2])
return 1
