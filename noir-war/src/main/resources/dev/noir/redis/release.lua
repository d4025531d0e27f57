-- Gives a room up, if the lease is in force.
-- KEYS: the room's lease, its last epoch, its reservation. ARGV: the lease, epoch TTL in ms, ms for which nobody may claim it.
-- Returns 1, or 0 when it was not in force.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
    return 0
end
redis.call('DEL', KEYS[1])
-- One more: a late question cannot put the released lease in force again.
local epoch = tonumber(string.match(ARGV[1], '^%d+')) + 1
redis.call('SET', KEYS[2], string.format('%.0f', epoch), 'PX', ARGV[2])
if tonumber(ARGV[3]) > 0 then
    redis.call('SET', KEYS[3], '', 'PX', ARGV[3])
end
return 1
