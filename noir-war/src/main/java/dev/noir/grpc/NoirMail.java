package dev.noir.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.noir.access.Visitor;
import dev.noir.admin.Actor;
import dev.noir.proto.noir.NoirReply;
import dev.noir.proto.noir.NoirRequest;
import dev.noir.proto.noir.Signed;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * Requests in the original's words that come one by one, each from who can write to where they wait; with a secret, from who knows it.
 * Thread: any; may wait for whoever is asked whether a request is a new one.
 */
public final class NoirMail {
    private static final Logger LOG = System.getLogger(NoirMail.class.getName());

    /** How much clocks may differ, and how long a request may wait. */
    static final Duration WINDOW = Duration.ofSeconds(60);

    private static final Duration BETWEEN_WARNINGS = Duration.ofSeconds(30);
    private static final int MAX_NAME = 256;

    /** Port: the cluster's secret. */
    public interface Seal {
        /** Whether there is one. */
        boolean signs();

        /** @param kind so that a request is not taken for a reply */
        String sign(String kind, byte[] message);

        boolean isGenuine(String claimed, String kind, byte[] message);
    }

    /** A reply on its way. */
    public static final class Letter {
        private final String name;
        private final byte[] message;

        Letter(String name, byte[] message) {
            this.name = name;
            this.message = message;
        }

        /** Of who has asked. */
        public String name() {
            return name;
        }

        public byte[] message() {
            return message;
        }
    }

    /** Nobody listens after his reply. */
    private static final NoirTalk.Ear NOBODY = new NoirTalk.Ear() {
        @Override
        public void hear(NoirReply reply) {
            // Nowhere to go.
        }

        @Override
        public int waiting() {
            return 0;
        }
    };

    // Given.
    private final NoirAdmin admin;
    private final Seal seal;

    // Owned.
    private final NoirTalk talk;

    // State.
    private final AtomicLong quietUntilMillis = new AtomicLong(Long.MIN_VALUE);

    public NoirMail(NoirAdmin admin, Seal seal) {
        this.admin = admin;
        this.seal = seal;
        this.talk = admin.talk(new Actor(Visitor.STRANGER.caller(), Actor.REDIS), Visitor.STRANGER, () -> true, NOBODY);
    }

    /**
     * Never fails.
     *
     * @param isFirst whether nobody has sent what is signed so before; may fail
     * @return empty: it was not signed by who knows the secret, or nobody reads the reply
     */
    public CompletionStage<Optional<Letter>> answer(byte[] message, Predicate<String> isFirst) {
        try {
            if (!seal.signs()) {
                return answer(NoirRequest.parseFrom(message));
            }
            Signed signed = Signed.parseFrom(message);
            byte[] request = signed.getMessage().toByteArray();
            if (!seal.isGenuine(signed.getMac(), "noir.request", request)) {
                refuse("not signed with noir.cluster.secret");
                return CompletableFuture.completedStage(Optional.empty());
            }
            return answer(NoirRequest.parseFrom(request), () -> isFirst.test(signed.getMac()));
        } catch (InvalidProtocolBufferException e) {
            refuse("no message of ours");
        } catch (RuntimeException e) { // Whoever knows whether it is the first cannot be asked.
            refuse("not known to be a new one: " + e.getMessage());
        }
        return CompletableFuture.completedStage(Optional.empty());
    }

    private void refuse(String why) {
        long now = admin.clock().millis();
        long until = quietUntilMillis.get();
        if (now >= until && quietUntilMillis.compareAndSet(until, now + BETWEEN_WARNINGS.toMillis())) {
            LOG.log(Level.WARNING, "A request in Redis was dropped, being {0}; further ones are for 30 s, too", why);
        }
    }

    /** Asks whether it is a new one. */
    private interface Fresh {
        boolean isFirst();
    }

    private CompletionStage<Optional<Letter>> answer(NoirRequest request, Fresh fresh) {
        if (!isOfNow(request.getAt())) {
            return refused(request, "at must be the time, by RFC 3339, and at most " + WINDOW.toSeconds() + " s old");
        }
        return fresh.isFirst() ? answer(request) : refused(request, "this request has been sent before");
    }

    private boolean isOfNow(String at) {
        try {
            Duration age = Duration.between(Instant.parse(at), admin.clock().instant());
            return age.abs().compareTo(WINDOW) <= 0;
        } catch (DateTimeParseException | ArithmeticException e) {
            return false;
        }
    }

    private CompletionStage<Optional<Letter>> answer(NoirRequest request) {
        if (request.hasSignal()) {
            return refused(request, "clients do not signal through Redis: connect to gRPC or /admin/ws");
        }
        return talk.answer(request).thenApply(answer -> answer.reply().flatMap(reply -> letter(request, reply)));
    }

    private CompletionStage<Optional<Letter>> refused(NoirRequest request, String why) {
        NoirReply reply = NoirReply.newBuilder()
                .setId(request.getId())
                .setAt(admin.clock().instant().toString())
                .setError(why)
                .build();
        return CompletableFuture.completedStage(letter(request, reply));
    }

    private Optional<Letter> letter(NoirRequest request, NoirReply reply) {
        String name = request.getAdminID();
        if (name.isEmpty() || name.length() > MAX_NAME) {
            return Optional.empty();
        }
        byte[] message = reply.toByteArray();
        if (!seal.signs()) {
            return Optional.of(new Letter(name, message));
        }
        return Optional.of(new Letter(
                name,
                Signed.newBuilder()
                        .setMessage(ByteString.copyFrom(message))
                        .setMac(seal.sign("noir.reply", message))
                        .build()
                        .toByteArray()));
    }
}
