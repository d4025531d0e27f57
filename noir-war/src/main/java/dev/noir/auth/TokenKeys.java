package dev.noir.auth;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.KeyType;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import dev.noir.room.Scheduler;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The keys that tokens may be signed with. Read at start and again from time to time, on a thread of its own; also when a token
 * names a key that is not known, but not more often than every ten seconds, whatever strangers send, and only a few requests
 * wait for it, and not long. Thread: any.
 */
public final class TokenKeys implements JWKSource<SecurityContext>, AutoCloseable {
    private static final Logger LOG = System.getLogger(TokenKeys.class.getName());

    private static final Duration EVERY = Duration.ofMinutes(10);
    private static final Duration AT_MOST_EVERY = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int MAX_WAITING = 4;

    private static final Set<JWSAlgorithm> ASYMMETRIC = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512);

    /** Where keys come from. */
    public interface Source {
        /** Blocks. */
        List<JWK> read() throws IOException;
    }

    // Given.
    private final @Nullable Source source;
    private final @Nullable OctetSequenceKey secret;
    private final Scheduler scheduler;
    private final Executor threads;

    // Any thread's.
    private volatile List<JWK> keys = List.of();
    private final Semaphore waiting = new Semaphore(MAX_WAITING);

    // Guarded by `this`, for a moment only.
    private @Nullable CompletableFuture<?> reading;
    private long readNanos;
    private Scheduler.@Nullable Timer timer;
    private boolean closed;

    /**
     * @param source of public keys; null: none
     * @param secret for HS256 only, 32 bytes or more; null: none
     * @param threads gives each task a thread for as long as it takes: reading may wait for seconds
     */
    public TokenKeys(@Nullable Source source, byte @Nullable [] secret, Scheduler scheduler, Executor threads) {
        this.source = source;
        this.secret = secret == null
                ? null
                : new OctetSequenceKey.Builder(secret)
                        .algorithm(JWSAlgorithm.HS256)
                        .build();
        this.scheduler = scheduler;
        this.threads = threads;
    }

    /** A file is read before this returns, so that a broken one stops the start; a URL on its own thread. */
    public void start(boolean now) throws IOException {
        if (source == null) {
            return;
        }
        if (now) {
            keys = usable(source.read());
            again();
        } else {
            refresh();
        }
    }

    Set<JWSAlgorithm> algorithms() {
        Set<JWSAlgorithm> algorithms = new HashSet<>();
        if (source != null) {
            algorithms.addAll(ASYMMETRIC);
        }
        if (secret != null) {
            algorithms.add(JWSAlgorithm.HS256);
        }
        return algorithms;
    }

    /** A secret never stands among public keys, nor the other way round: who signs with a public key as a secret finds none. */
    @Override
    public List<JWK> get(JWKSelector selector, @Nullable SecurityContext context) {
        JWKMatcher matcher = selector.getMatcher();
        if (matcher.getKeyTypes() != null && matcher.getKeyTypes().contains(KeyType.OCT)) {
            return secret == null ? List.of() : List.of(secret);
        }
        List<JWK> found = select(matcher);
        if (found.isEmpty() && awaitNews()) {
            found = select(matcher);
        }
        return found;
    }

    private List<JWK> select(JWKMatcher matcher) {
        return keys.stream()
                .filter(key -> matcher.matches(key) || (key.getKeyID() == null && isOfKind(key, matcher)))
                .toList();
    }

    /** A key without a name, as from a certificate, is tried whatever name the token gives. */
    private static boolean isOfKind(JWK key, JWKMatcher matcher) {
        return matcher.getKeyTypes() != null
                && matcher.getKeyTypes().contains(key.getKeyType())
                && (key.getAlgorithm() == null
                        || matcher.getAlgorithms() == null
                        || matcher.getAlgorithms().contains(key.getAlgorithm()))
                && (matcher.getCurves() == null
                        || !(key instanceof com.nimbusds.jose.jwk.ECKey ec)
                        || matcher.getCurves().contains(ec.getCurve()));
    }

    /** True: the keys have been read again while this waited. */
    private boolean awaitNews() {
        CompletableFuture<?> news = read();
        if (news == null || !waiting.tryAcquire()) {
            return false;
        }
        try {
            news.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        } finally {
            waiting.release();
        }
    }

    private void refresh() {
        CompletableFuture<?> unused = read();
    }

    /** Begins to read, or tells the reading under way. Null: it has just been done, or there is nothing to read. */
    private @Nullable CompletableFuture<?> read() {
        CompletableFuture<?> begun = new CompletableFuture<Void>();
        Source from = source;
        synchronized (this) {
            long now = scheduler.nanoTime();
            if (reading != null) {
                return reading;
            }
            if (from == null || closed || (readNanos != 0 && now - readNanos < AT_MOST_EVERY.toNanos())) {
                return null;
            }
            reading = begun;
            readNanos = now == 0 ? 1 : now;
        }
        try {
            threads.execute(() -> readNow(from, begun));
        } catch (RejectedExecutionException e) {
            done(begun);
        }
        return begun;
    }

    private void readNow(Source from, CompletableFuture<?> begun) {
        boolean first = keys.isEmpty();
        try {
            List<JWK> read = usable(from.read());
            keys = read;
            if (first) {
                LOG.log(Level.INFO, "{0} keys for tokens have been read", read.size());
            }
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.WARNING, "The keys for tokens cannot be read, the old ones stay in force: {0}", e.toString());
        } finally {
            done(begun);
        }
    }

    private void done(CompletableFuture<?> begun) {
        synchronized (this) {
            reading = null;
        }
        begun.complete(null);
        again();
    }

    private synchronized void again() {
        if (timer != null) {
            timer.cancel();
        }
        if (!closed) {
            timer = scheduler.schedule(keys.isEmpty() ? AT_MOST_EVERY : EVERY, this::refresh);
        }
    }

    private static List<JWK> usable(List<JWK> read) {
        return read.stream()
                .filter(key -> !KeyType.OCT.equals(key.getKeyType()))
                .filter(key -> key.getKeyUse() == null || KeyUse.SIGNATURE.equals(key.getKeyUse()))
                // RFC 7518 §3.3.
                .filter(key -> !KeyType.RSA.equals(key.getKeyType()) || key.size() >= 2048)
                .map(JWK::toPublicJWK)
                .toList();
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (timer != null) {
            timer.cancel();
        }
    }
}
