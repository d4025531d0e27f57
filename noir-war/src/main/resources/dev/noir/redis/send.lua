-- Puts envelopes into an inbox, in order: all of them, or none. The TTL keeps one that nobody reads any more from staying.
-- KEYS: the stream. ARGV: limit of its length, TTL in ms; then for each envelope how many arguments are its, and those: name and
-- value of each field.
-- Returns 1.
local at = 3
while at <= #ARGV do
    local count = tonumber(ARGV[at])
    redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], '*', unpack(ARGV, at + 1, at + count))
    at = at + count + 1
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
