-- Puts a lease in force again that Redis may have forgotten.
-- KEYS: the room's lease, its last epoch, its reservation. ARGV: the lease, lease TTL in ms, epoch TTL in ms.
-- Returns 1, or 0 when there is or has been a higher epoch.
local epoch = string.match(ARGV[1], '^%d+')
local lease = redis.call('GET', KEYS[1])
if lease and lease ~= ARGV[1] and tonumber(string.match(lease, '^%d+')) >= tonumber(epoch) then
    return 0
end
if tonumber(redis.call('GET', KEYS[2]) or '0') > tonumber(epoch) then
    return 0
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
redis.call('SET', KEYS[2], epoch, 'PX', ARGV[3])
return 1
