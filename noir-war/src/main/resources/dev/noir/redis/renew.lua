-- Prolongs a lease, if it is in force.
-- KEYS: the room's lease, its last epoch, its reservation. ARGV: the lease, lease TTL in ms, epoch TTL in ms.
-- Returns 1, or 0 when it is not in force.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
    return 0
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('SET', KEYS[2], string.match(ARGV[1], '^%d+'), 'PX', ARGV[3])
return 1
