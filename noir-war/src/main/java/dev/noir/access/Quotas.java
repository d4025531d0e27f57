package dev.noir.access;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import java.util.function.LongSupplier;

/**
 * How much of this node one caller may use: somebody who is logged in counts by his name, for a company may sit behind one address;
 * all others count by the address of their home. Thread: any.
 */
public final class Quotas {
    /**
     * What one caller may use; 0: no limit.
     *
     * @param sockets open at the same time
     * @param joins in a minute
     * @param rooms opened in a minute
     */
    public record Share(int sockets, int joins, int rooms) {
        public static final Share UNLIMITED = new Share(0, 0, 0);

        /** What all sockets together may say in {@link #MESSAGES_NANOS}. */
        private int messages() {
            return sockets == 0 ? 0 : Math.max(MESSAGES_PER_SOCKET * sockets, LEAST_MESSAGES);
        }
    }

    // Who comes in with others says about a hundred things in ten seconds, and has up to three sockets. However few of
    // them there
    // may be, several pages of one person must have room for what each may say at once.
    private static final int MESSAGES_PER_SOCKET = 40;
    private static final int LEAST_MESSAGES = 10_000;
    private static final long MESSAGES_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);
    private static final int MAX_CALLERS = 100_000;

    // Given.
    private final Share stranger;
    private final Share known;
    private final OptionalInt strangersSockets;
    private final LongSupplier nanoTime;

    // Owned.
    private final Map<String, Integer> sockets = new ConcurrentHashMap<>();
    private final AtomicInteger ofStrangers = new AtomicInteger();
    private final Attempts strangersJoins;
    private final Attempts knownJoins;
    private final Attempts strangersRooms;
    private final Attempts knownRooms;
    private final Attempts strangersMessages;
    private final Attempts knownMessages;

    /**
     * @param stranger for each address of those who are not logged in
     * @param known for each principal
     * @param strangersSockets of all strangers together, so that the others find room; empty: no limit
     */
    public Quotas(Share stranger, Share known, OptionalInt strangersSockets, LongSupplier nanoTime) {
        this.stranger = stranger;
        this.known = known;
        this.strangersSockets = strangersSockets;
        this.nanoTime = nanoTime;
        this.strangersJoins = new Attempts(stranger.joins(), MINUTE, MAX_CALLERS);
        this.knownJoins = new Attempts(known.joins(), MINUTE, MAX_CALLERS);
        this.strangersRooms = new Attempts(stranger.rooms(), MINUTE, MAX_CALLERS);
        this.knownRooms = new Attempts(known.rooms(), MINUTE, MAX_CALLERS);
        this.strangersMessages = new Attempts(stranger.messages(), MESSAGES_NANOS, MAX_CALLERS);
        this.knownMessages = new Attempts(known.messages(), MESSAGES_NANOS, MAX_CALLERS);
    }

    public static Quotas unlimited() {
        return new Quotas(Share.UNLIMITED, Share.UNLIMITED, OptionalInt.empty(), () -> 0);
    }

    /** One socket more, to be given back by {@link #close}; or why not, in words for people. */
    public Optional<String> open(Caller caller) {
        boolean anonymous = caller.isAnonymous();
        if (anonymous && ofStrangers.incrementAndGet() > strangersSockets.orElse(Integer.MAX_VALUE)) {
            ofStrangers.decrementAndGet();
            return Optional.of("the server has too many connections, log in or try again later");
        }
        int limit = (anonymous ? stranger : known).sockets();
        if (sockets.merge(key(caller), 1, Integer::sum) > limit && limit > 0) {
            close(caller);
            return Optional.of(
                    "too many connections from " + (anonymous ? "your address" : "you") + ", try again later");
        }
        return Optional.empty();
    }

    /** A socket that was opened is closed. */
    public void close(Caller caller) {
        sockets.computeIfPresent(key(caller), (key, count) -> count > 1 ? count - 1 : null);
        if (caller.isAnonymous()) {
            ofStrangers.decrementAndGet();
        }
    }

    /** Once more. */
    public boolean mayJoin(Caller caller) {
        return (caller.isAnonymous() ? strangersJoins : knownJoins).tryAdd(key(caller), nanoTime.getAsLong());
    }

    /** Once more. */
    boolean mayOpenRoom(Caller caller) {
        return (caller.isAnonymous() ? strangersRooms : knownRooms).tryAdd(key(caller), nanoTime.getAsLong());
    }

    /** For a socket of his: whether so many messages more are within what all his sockets together may say. */
    public IntPredicate messages(Caller caller) {
        boolean limited = (caller.isAnonymous() ? stranger : known).sockets() > 0;
        if (!limited) {
            return count -> true;
        }
        Attempts attempts = caller.isAnonymous() ? strangersMessages : knownMessages;
        String key = key(caller);
        return count -> attempts.tryAdd(key, count, nanoTime.getAsLong());
    }

    /** Somebody may call himself like an address. */
    private static String key(Caller caller) {
        return caller.isAnonymous() ? "from " + Addresses.subscriber(caller.address()) : "is " + caller.principal();
    }
}
