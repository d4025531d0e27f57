-- Puts a lease in force again that Redis may have forgotten.
-- KEYS: the room's lease, its last epoch, its reservation. ARGV: the lease, its epoch as it is kept, lease TTL in ms, epoch TTL in ms,
-- a lease that may be replaced, or '', an epoch that may be replaced, or ''.
-- Returns {1}, or {0, lease or '', epoch or ''}: what stands there instead, or above it.

-- What is no string has been written by no node.
local function read(key)
    local value = redis.pcall('GET', key)
    return type(value) == 'string' and value or ''
end

local lease = read(KEYS[1])
local epoch = read(KEYS[2])
local last = tonumber(string.match(epoch, '^%d+') or '0')
if (lease ~= '' and lease ~= ARGV[1] and lease ~= ARGV[5])
    or (last > tonumber(string.match(ARGV[2], '^%d+')) and epoch ~= ARGV[6]) then
    return {0, lease, epoch}
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[4])
return {1}
