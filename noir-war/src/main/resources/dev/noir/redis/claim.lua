-- Takes a room for a node, unless it is taken.
-- KEYS: the room's lease, its last epoch, its reservation; and, where all keys are on one server, since when there have been nodes.
-- ARGV: the new lease, its epoch as it is kept, lease TTL in ms, epoch TTL in ms, a lease whose holder is dead and that may be
-- replaced, or '', an epoch that nobody has written and that may be replaced, or '', since when there have been nodes as the
-- node knows it, the ms that it cannot be past.
-- Returns {0, the lease in force}, {1} when it is taken now, {2} when the room has ended and is reserved, {3} when this store is
-- not the one that the node knows, {4, the last epoch} when that is not below the new one.
local lease = redis.call('GET', KEYS[1])
if lease and lease ~= ARGV[5] then
    return {0, lease}
end
if redis.call('EXISTS', KEYS[3]) == 1 then
    return {2}
end
if KEYS[4] then
    -- A store that has lost all it held, or whose clock was put forward, does not know who has the room.
    local time = redis.call('TIME')
    local now = time[1] * 1000 + math.floor(time[2] / 1000)
    if redis.call('GET', KEYS[4]) ~= ARGV[7] or now > tonumber(ARGV[8]) then
        return {3}
    end
end
local last = redis.call('GET', KEYS[2])
if last and last ~= ARGV[6]
    and tonumber(string.match(last, '^%d+') or '0') >= tonumber(string.match(ARGV[2], '^%d+')) then
    return {4, last}
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[4])
return {1}
