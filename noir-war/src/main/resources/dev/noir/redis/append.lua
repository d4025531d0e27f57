-- Adds events to a room's log, and changes its roll with them, for who has the room; or for who had it last, if nobody has had it since.
-- KEYS: the room's lease, its last epoch, its log, its roll. ARGV: the lease, its epoch, the highest epoch that it leaves behind when it is
-- released, TTL in ms; to begin with nothing else; else the number before the first event, 1 if all is written anew that the store has
-- lost, the log's length, how many fields of the roll change, name and value of each ('' when it goes), and for each event its time,
-- type and JSON.
-- Returns {-1} when it may not, {0, the log's last number} when that is not the one before the first event, else {1}; to begin with
-- {1, field of the roll, value, …}.
local lease = redis.call('GET', KEYS[1])
local mine = tonumber(ARGV[2])
if lease and lease ~= ARGV[1] then
    return {-1}
end
local written = tonumber(redis.call('HGET', KEYS[4], 'epoch') or '0')
if not lease then
    local last = tonumber(string.match(redis.call('GET', KEYS[2]) or '', '^%d+') or '0')
    if last > tonumber(ARGV[3]) or written > mine then
        return {-1}
    end
end
local epoch = string.format('%.0f', math.max(mine, written))
if #ARGV == 4 then
    redis.call('HSET', KEYS[4], 'epoch', epoch)
    redis.call('PEXPIRE', KEYS[4], ARGV[4])
    local reply = {1}
    for _, value in ipairs(redis.call('HGETALL', KEYS[4])) do
        table.insert(reply, value)
    end
    return reply
end
local before = tonumber(ARGV[5])
local last = tonumber(redis.call('HGET', KEYS[4], 'last') or '0')
if last ~= before then
    if ARGV[6] ~= '1' or last > before then
        return {0, last}
    end
    redis.call('DEL', KEYS[4])
    if last == 0 then
        redis.call('DEL', KEYS[3])
    end
end
local at = 9
for _ = 1, tonumber(ARGV[8]) do
    if ARGV[at + 1] == '' then
        redis.call('HDEL', KEYS[4], ARGV[at])
    else
        redis.call('HSET', KEYS[4], ARGV[at], ARGV[at + 1])
    end
    at = at + 2
end
while at <= #ARGV do
    before = before + 1
    redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[7], string.format('%.0f-0', before),
        'time', ARGV[at], 'type', ARGV[at + 1], 'json', ARGV[at + 2])
    at = at + 3
end
redis.call('HSET', KEYS[4], 'epoch', epoch, 'last', string.format('%.0f', before))
redis.call('PEXPIRE', KEYS[3], ARGV[4])
redis.call('PEXPIRE', KEYS[4], ARGV[4])
return {1}
