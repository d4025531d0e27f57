-- Takes a room for a node, unless it is taken.
-- KEYS: the room's lease, its last epoch, its reservation.
-- ARGV: node, incarnation, lease TTL in ms, epoch TTL in ms, a lease whose holder is dead and that may be replaced, or ''.
-- Returns the lease in force afterwards: 'epoch node incarnation', or 'reserved'.
local holder = ' ' .. ARGV[1] .. ' ' .. ARGV[2]
local lease = redis.call('GET', KEYS[1])
if lease and lease ~= ARGV[5] then
    if string.sub(lease, -#holder) == holder then
        redis.call('PEXPIRE', KEYS[1], ARGV[3])
    end
    return lease
end
if redis.call('EXISTS', KEYS[3]) == 1 then
    return 'reserved'
end
-- In microseconds: below 2^53, so that Lua's doubles hold it exactly until the year 2255.
local time = redis.call('TIME')
local last = tonumber(redis.call('GET', KEYS[2]) or '0')
if lease then
    last = math.max(last, tonumber(string.match(lease, '^%d+')))
end
local epoch = string.format('%.0f', math.max(last + 1, time[1] * 1000000 + time[2]))
redis.call('SET', KEYS[1], epoch .. holder, 'PX', ARGV[3])
redis.call('SET', KEYS[2], epoch, 'PX', ARGV[4])
return epoch .. holder
