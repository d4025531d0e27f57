package dev.noir.auth;

import dev.noir.access.Addresses;
import dev.noir.access.Attempts;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Wrong passwords for the server's realm, of each address and for each user: whoever has been wrong too often is not passed on to
 * it for a while. So nobody tries many passwords here, nor makes a realm that counts them shut somebody out. Thread: any.
 */
final class LoginAttempts {
    private static final Logger LOG = System.getLogger(LoginAttempts.class.getName());

    static final int WRONG_PER_WINDOW = 10;
    static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(1);

    // No realm has longer ones; and they are kept.
    private static final int MAX_USER_LENGTH = 128;
    private static final int MAX_KEYS = 50_000;

    // Given.
    private final LongSupplier nanoTime;

    // Owned.
    private final Attempts ofAddress = new Attempts(WRONG_PER_WINDOW, WINDOW_NANOS, MAX_KEYS);
    private final Attempts forUser = new Attempts(WRONG_PER_WINDOW, WINDOW_NANOS, MAX_KEYS);
    private final Attempts logged = new Attempts(1, WINDOW_NANOS, 1);

    LoginAttempts(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Nobody has another name; the realm need not be asked. */
    static boolean isName(String user) {
        return !user.isEmpty() && user.length() <= MAX_USER_LENGTH;
    }

    boolean areUsedUp(String address, String user) {
        long now = nanoTime.getAsLong();
        boolean usedUp = ofAddress.areUsedUp(Addresses.subscriber(address), now) || forUser.areUsedUp(key(user), now);
        if (usedUp && logged.tryAdd("", now)) {
            LOG.log(Level.WARNING, "too many wrong passwords, of late from {0}; not said again for a minute", address);
        }
        return usedUp;
    }

    void wrong(String address, String user) {
        long now = nanoTime.getAsLong();
        ofAddress.add(Addresses.subscriber(address), now);
        forUser.add(key(user), now);
    }

    /** Some realms do not care about case. */
    private static String key(String user) {
        return user.toLowerCase(Locale.ROOT);
    }
}
