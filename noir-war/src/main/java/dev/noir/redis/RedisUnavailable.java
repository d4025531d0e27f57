package dev.noir.redis;

/** Redis can't be asked now, or says that it can't answer. */
final class RedisUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RedisUnavailable(String message) {
        super(message);
    }

    RedisUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
