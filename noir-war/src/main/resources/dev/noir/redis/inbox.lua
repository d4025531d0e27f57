-- Keeps an inbox there, forgets what has been read, and sees to it that new entries get ids above all that have been read:
-- a store that came back empty, or fell back to a replica, would else hand out ids that the reader has passed already.
-- KEYS: the stream. ARGV: milliseconds and sequence of the last id read, TTL in ms.
-- Returns 1 when the stream had to be mended, else 0.
local read_ms, read_seq = tonumber(ARGV[1]), tonumber(ARGV[2])
local top_ms, top_seq = -1, -1
if redis.call('EXISTS', KEYS[1]) == 1 then
    local info = redis.call('XINFO', 'STREAM', KEYS[1])
    for i = 1, #info, 2 do
        if info[i] == 'last-generated-id' then
            local ms, seq = string.match(info[i + 1], '^(%d+)-(%d+)$')
            top_ms, top_seq = tonumber(ms), tonumber(seq)
        end
    end
end
local mended = 0
if top_ms < read_ms or (top_ms == read_ms and top_seq < read_seq) then
    redis.call('XADD', KEYS[1], ARGV[1] .. '-' .. string.format('%.0f', read_seq + 1), 'mended', '')
    mended = 1
end
redis.call('XTRIM', KEYS[1], 'MINID', ARGV[1] .. '-' .. ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return mended
