-- Puts an envelope into an inbox. The TTL keeps one that nobody reads any more from staying.
-- KEYS: the stream. ARGV: limit of its length, TTL in ms, name and value of each field.
-- Returns 1.
redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], '*', unpack(ARGV, 3))
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
