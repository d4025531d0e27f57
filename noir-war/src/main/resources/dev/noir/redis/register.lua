-- Makes a webhook known. Events of the last minute are for it, too: some may have happened while the first node started.
-- KEYS: the webhooks that are known. ARGV: the webhook, what is added to its record or '', TTL in ms.
-- Returns its record: since when it is known in ms, and what was added.
local known = redis.call('HGET', KEYS[1], ARGV[1])
if not known then
    local time = redis.call('TIME')
    known = string.format('%.0f', time[1] * 1000 - 60000)
end
if ARGV[2] ~= '' and string.sub(known, -#ARGV[2]) ~= ARGV[2] then
    known = known .. ARGV[2]
end
redis.call('HSET', KEYS[1], ARGV[1], known)
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return known
