-- Takes requests that other programs have left.
-- KEYS: their list. ARGV: at most so many, the longest that is taken in bytes, how many may wait.
-- Returns how many of the newest were dropped since too many waited, then the requests; an empty one was too long.
local waiting = redis.call('LLEN', KEYS[1])
local most = tonumber(ARGV[3])
local dropped = 0
if waiting > most then
    dropped = waiting - most
    redis.call('LTRIM', KEYS[1], dropped, -1)
end
local taken = { dropped }
for i = 1, math.min(waiting, tonumber(ARGV[1])) do
    local request = redis.call('RPOP', KEYS[1])
    if not request then
        break
    end
    if #request > tonumber(ARGV[2]) then
        request = ''
    end
    taken[i + 1] = request
end
return taken
