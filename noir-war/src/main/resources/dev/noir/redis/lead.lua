-- One node delivers events: this one, if no other does.
-- KEYS: who does, the webhooks that are known. ARGV: this life of the node, for how many ms (0: no longer), TTL of what is known in ms.
-- Returns 1 when it is this one.
local lead = redis.call('GET', KEYS[1])
if lead and lead ~= ARGV[1] then
    return 0
end
if ARGV[2] == '0' then
    redis.call('DEL', KEYS[1])
    return 0
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
return 1
