package dev.noir.whip;

import dev.noir.access.Quotas;
import dev.noir.access.Visitor;
import dev.noir.room.PeerRequests;
import dev.noir.room.RoomException;
import dev.noir.signal.JoinWish;
import dev.noir.signal.Joins;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;

/** All sessions that began at this node; those of others are reached by what they are called. Thread: any. */
public final class Sessions implements AutoCloseable {
    // Given.
    private final PeerRequests rooms;
    private final Joins joins;
    private final Quotas quotas;
    private final OtherNodes nodes;
    private final RandomGenerator random;
    private final int max;

    // Owned.
    private final Map<SessionId, Session> open = new ConcurrentHashMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * @param random for what sessions are called; a cryptographic one outside tests
     * @param max sessions at once
     */
    public Sessions(PeerRequests rooms, Joins joins, Quotas quotas, OtherNodes nodes, RandomGenerator random, int max) {
        this.rooms = rooms;
        this.joins = joins;
        this.quotas = quotas;
        this.nodes = nodes;
        this.random = random;
        this.max = max;
    }

    PeerRequests rooms() {
        return rooms;
    }

    Joins joins() {
        return joins;
    }

    /** An entity tag (RFC 9110 §8.8.3) that no session has had. */
    String newTag() {
        return "\"" + HexFormat.of().toHexDigits(random.nextLong()) + "\"";
    }

    /** What has come of somebody's wish to join; of one that was granted the session, too. */
    record Opening(Answer answer, SessionId id) {}

    /** Never fails. */
    CompletionStage<Opening> open(Visitor visitor, JoinWish wish) {
        SessionId id = SessionId.generate(nodes.self(), random);
        Optional<Answer> refused = refused(visitor);
        if (refused.isPresent()) {
            return CompletableFuture.completedStage(new Opening(refused.get(), id));
        }
        Session session = new Session(this, id, visitor, wish);
        open.put(id, session);
        if (closed.get()) { // Since the question above.
            session.end();
        }
        return session.join(wish).thenApply(answer -> new Opening(answer, id));
    }

    /** Else one more is counted. */
    private Optional<Answer> refused(Visitor visitor) {
        if (closed.get()) {
            return Optional.of(Refusals.unavailable("the server is going down"));
        }
        if (open.size() >= max) {
            return Optional.of(Refusals.unavailable("the server has too many sessions, try again later"));
        }
        try {
            joins.count(visitor.caller());
        } catch (RoomException e) {
            return Optional.of(Refusals.of(e));
        }
        return quotas.open(visitor.caller()).map(Refusals::tooMany);
    }

    void forget(Session session) {
        if (open.remove(session.id(), session)) {
            quotas.close(session.visitor().caller());
        }
    }

    /** Does it where the session is. Never fails. */
    CompletionStage<Answer> change(Change change) {
        Optional<SessionId> id = SessionId.parse(change.id());
        if (id.isEmpty() || (!isHere(id.get()) && !nodes.isAlive(id.get().node()))) {
            return CompletableFuture.completedStage(Refusals.gone()); // With its node.
        }
        if (isHere(id.get())) {
            return changeHere(id.get(), change);
        }
        return nodes.ask(id.get().node(), change.question())
                .thenApply(text -> Change.readAnswer(text)
                        .orElseGet(() -> Refusals.unavailable("what another server has said cannot be read")))
                .exceptionally(failure ->
                        Refusals.unavailable("the server that has the session cannot be reached at the moment"));
    }

    private boolean isHere(SessionId id) {
        return id.node().equals(nodes.self());
    }

    private CompletionStage<Answer> changeHere(SessionId id, Change change) {
        Session session = open.get(id);
        if (session == null) {
            return CompletableFuture.completedStage(Refusals.gone());
        }
        if (change.ends()) {
            session.end();
            return CompletableFuture.completedStage(Answer.of(Answer.OK));
        }
        return session.change(change.match(), change.fragment());
    }

    /** Whether another node's question is for sessions. */
    public static boolean isQuestion(String question) {
        return question.startsWith(Change.TOPIC);
    }

    /** Another node's client wants something of a session here. Never fails. */
    public CompletionStage<String> asked(String question) {
        CompletionStage<Answer> answer = Change.read(question)
                .flatMap(change ->
                        SessionId.parse(change.id()).filter(this::isHere).map(id -> changeHere(id, change)))
                .orElseGet(() -> CompletableFuture.completedStage(Refusals.gone()));
        return answer.thenApply(Change::print);
    }

    /** Open now. */
    public int count() {
        return open.size();
    }

    /** Open now, by what they have come by: WHIP and WHEP. */
    public record Counts(int publishers, int viewers) {}

    public Counts counts() {
        int all = 0;
        int viewers = 0;
        for (Session session : open.values()) {
            all++;
            viewers += session.watches() ? 1 : 0;
        }
        return new Counts(all - viewers, viewers);
    }

    /** Ends all, and refuses others. */
    @Override
    public void close() {
        closed.set(true);
        List.copyOf(open.values()).forEach(Session::end);
    }
}
