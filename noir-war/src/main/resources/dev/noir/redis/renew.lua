-- Prolongs a lease, if it is in force.
-- KEYS: the room's lease, its last epoch, its reservation. ARGV: the lease, its epoch as it is kept, lease TTL in ms, epoch TTL in ms.
-- Returns 1, or 0 when it is not in force.
local lease = redis.pcall('GET', KEYS[1])
if type(lease) == 'table' and not string.find(lease.err, '^WRONGTYPE') then
    return lease
end
-- What is no string is no lease: an error would fail the renewal of the others, too.
if lease ~= ARGV[1] then
    return 0
end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[4])
return 1
