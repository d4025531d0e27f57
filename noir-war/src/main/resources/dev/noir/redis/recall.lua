-- What was laid down for a room.
-- KEYS: the room's state, its bans. No ARGV.
-- Returns {the state or '', the bans or ''}.
return {redis.call('GET', KEYS[1]) or '', redis.call('GET', KEYS[2]) or ''}
