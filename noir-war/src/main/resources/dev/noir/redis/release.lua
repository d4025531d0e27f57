-- Gives a room up, if the lease is in force.
-- KEYS: the room's lease, its last epoch, its reservation. ARGV: the lease, an epoch above its own as it is kept, epoch TTL in ms, ms
-- for which nobody may claim the room.
-- Returns 1, or 0 when it was not in force.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
    return 0
end
redis.call('DEL', KEYS[1])
-- One more than the lease's own: a late question cannot put the released lease in force again.
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
if tonumber(ARGV[4]) > 0 then
    redis.call('SET', KEYS[3], '', 'PX', ARGV[4])
end
return 1
