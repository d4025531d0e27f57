package dev.noir.access;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Compares what people give with the hashes of the policies and of the rooms themselves. Who has been wrong too often is not
 * listened to for a while; who is right costs its computing once, for a class of thirty gives the same password at nine o'clock.
 *
 * <p>Thread: any that may wait for the rooms' options; one derivation of a key runs at a time, so that passwords cost one core at
 * most.
 */
public final class RoomPasswords implements Passwords {
    // Wrong ones of one subscriber's address, and the time in which they are counted.
    static final int WRONG_PER_WINDOW = 10;
    static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(1);

    private static final int MAX_ADDRESSES = 50_000;
    private static final int MAX_REMEMBERED = 1000;
    private static final String MAC = "HmacSHA256";

    // Given.
    private final Supplier<Policies> policies;
    private final Function<String, RoomHashes> own;
    private final LongSupplier nanoTime;
    private final BiPredicate<PasswordHash, Password> matches;
    private final Invitations invitations;

    // Owned.
    private final Attempts wrong = new Attempts(WRONG_PER_WINDOW, WINDOW_NANOS, MAX_ADDRESSES);
    private final SecretKeySpec memoKey;

    // State, guarded by itself: what passwords have opened, under a key of this process. The oldest goes first.
    private final Map<String, Set<Pass>> right = new LinkedHashMap<>();

    // Held while a key is derived.
    private final Object deriving = new Object();

    /** @param own the passwords in a room's own options; may block */
    public RoomPasswords(
            Supplier<Policies> policies,
            Function<String, RoomHashes> own,
            Invitations invitations,
            LongSupplier nanoTime,
            SecureRandom random) {
        this(policies, own, invitations, nanoTime, random, PasswordHash::matches);
    }

    RoomPasswords(
            Supplier<Policies> policies,
            Function<String, RoomHashes> own,
            Invitations invitations,
            LongSupplier nanoTime,
            SecureRandom random,
            BiPredicate<PasswordHash, Password> matches) {
        this.policies = policies;
        this.own = own;
        this.invitations = invitations;
        this.nanoTime = nanoTime;
        this.matches = matches;
        byte[] key = new byte[32];
        random.nextBytes(key);
        this.memoKey = new SecretKeySpec(key, MAC);
    }

    @Override
    public Answer ask(Caller caller, String room, Password password) {
        RoomPolicy policy = policies.get().of(room);
        RoomHashes hashes = own.apply(room).orElse(policy.passwords());
        if (!hashes.isAny() || password.text().isEmpty()) {
            return Answer.known(Result.of(Set.of()));
        }
        String address = Addresses.subscriber(caller.address());
        if (wrong.areUsedUp(address, nanoTime.getAsLong())) {
            return Answer.known(Result.TOO_MANY);
        }
        String memo = memo(hashes, password);
        Set<Pass> known = remembered(memo);
        return known.isEmpty()
                ? new Open(memo, () -> opened(hashes, password, memo), passes -> concluded(address, passes))
                : Answer.known(Result.of(known));
    }

    @Override
    public boolean invites(Caller caller, String room, String uid, Password password) {
        return invitations.isGood(password, room, uid, caller.principal());
    }

    private Result concluded(String address, Set<Pass> passes) {
        if (!passes.isEmpty()) {
            return Result.of(passes);
        }
        wrong.add(address, nanoTime.getAsLong());
        return Result.WRONG;
    }

    private Set<Pass> opened(RoomHashes hashes, Password password, String memo) {
        synchronized (deriving) {
            Set<Pass> meanwhile = remembered(memo);
            return meanwhile.isEmpty() ? derived(hashes, password, memo) : meanwhile;
        }
    }

    private Set<Pass> derived(RoomHashes hashes, Password password, String memo) {
        Set<Pass> passes = EnumSet.noneOf(Pass.class);
        if (hashes.join().filter(hash -> matches.test(hash, password)).isPresent()) {
            passes.add(Pass.JOIN);
        }
        if (hashes.publish().filter(hash -> matches.test(hash, password)).isPresent()) {
            passes.add(Pass.PUBLISH);
        }
        if (!passes.isEmpty()) {
            remember(memo, passes);
        }
        return passes;
    }

    private Set<Pass> remembered(String memo) {
        synchronized (right) {
            return right.getOrDefault(memo, Set.of());
        }
    }

    private void remember(String memo, Set<Pass> passes) {
        synchronized (right) {
            right.put(memo, Set.copyOf(passes));
            if (right.size() > MAX_REMEMBERED) {
                right.remove(right.keySet().iterator().next());
            }
        }
    }

    private String memo(RoomHashes hashes, Password password) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(memoKey);
            update(mac, hashes.join());
            update(mac, hashes.publish());
            return HexFormat.of().formatHex(mac.doFinal(password.text().getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM has no HMAC with SHA-256", e);
        }
    }

    private static void update(Mac mac, Optional<PasswordHash> hash) {
        mac.update(hash.map(PasswordHash::encoded).orElse("").getBytes(StandardCharsets.US_ASCII));
        mac.update((byte) 0);
    }
}
