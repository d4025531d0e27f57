-- Keeps what was laid down for a room, if the lease is in force.
-- KEYS: the room's lease, its state, its bans. ARGV: the lease, the state in JSON or nothing, its TTL in ms, the bans in JSON or
-- nothing, when the last one ends in ms since 1970.
-- Returns 1, or 0 when the lease is not in force.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
    return 0
end
if ARGV[2] == '' then
    redis.call('DEL', KEYS[2])
else
    redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
end
if ARGV[4] == '' then
    redis.call('DEL', KEYS[3])
else
    redis.call('SET', KEYS[3], ARGV[4])
    redis.call('PEXPIREAT', KEYS[3], ARGV[5])
end
return 1
