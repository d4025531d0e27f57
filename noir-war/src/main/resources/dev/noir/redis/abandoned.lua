-- Whether a room's log is open, and nobody has the room.
-- KEYS: the room's lease, its roll. No ARGV. Returns 0 when the log is closed or forgotten, 1 when somebody has the room, 2 when nobody has.
if redis.call('HGET', KEYS[2], 'open') ~= '1' then
    return 0
end
return redis.call('EXISTS', KEYS[1]) == 1 and 1 or 2
