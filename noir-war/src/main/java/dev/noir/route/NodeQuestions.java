package dev.noir.route;

import dev.noir.access.PlainText;
import dev.noir.bus.Envelope;
import dev.noir.bus.Envelope.Kind;
import dev.noir.room.RoomException;
import dev.noir.room.RoomException.Code;
import dev.noir.room.Scheduler;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What management asks of nodes themselves, and not of a room: each question has one answer, or a failure in time. Thread: any. */
public final class NodeQuestions {
    private static final Logger LOG = System.getLogger(NodeQuestions.class.getName());

    /** Under way at once. */
    static final int MAX_PENDING = 1000;

    /** Who answers at this node. */
    public interface Answerer {
        /**
         * Must not block.
         *
         * @param question as another node, or this one, has asked it
         * @param signed what it says of who asks can be believed
         */
        CompletionStage<String> answer(String question, boolean signed);
    }

    private record Topic(Predicate<String> concerns, Answerer answerer) {}

    private record Pending(String node, CompletableFuture<String> answer, Scheduler.Timer deadline) {
        void fail(String why) {
            deadline.cancel();
            answer.completeExceptionally(new RoomException(Code.UNAVAILABLE, why));
        }
    }

    // Given.
    private final RouteContext context;

    // Owned.
    private final Map<Long, Pending> pending = new ConcurrentHashMap<>();
    private final AtomicLong lastRequest = new AtomicLong();

    // Volatile: set once, while the node starts.
    private volatile @Nullable Answerer answerer;
    private final List<Topic> topics = new CopyOnWriteArrayList<>();

    NodeQuestions(RouteContext context) {
        this.context = context;
    }

    /** Before that, whoever asks hears that nobody answers. */
    public void answerWith(Answerer one) {
        answerer = one;
    }

    /** The same for questions of its own, whoever answers the others. */
    public void answerWith(Predicate<String> concerns, Answerer one) {
        topics.add(new Topic(concerns, one));
    }

    private @Nullable Answerer answerer(String question) {
        for (Topic topic : topics) {
            if (topic.concerns.test(question)) {
                return topic.answerer;
            }
        }
        return answerer;
    }

    /** The answer, or a {@link RoomException}. */
    public CompletionStage<String> ask(String node, String question) {
        Answerer here = answerer(question);
        if (node.equals(context.self()) && here != null) {
            return here.answer(question, true);
        }
        if (pending.size() >= MAX_PENDING) {
            return CompletableFuture.failedStage(
                    new RoomException(Code.UNAVAILABLE, "too many questions to other servers are under way"));
        }
        long request = lastRequest.incrementAndGet();
        Scheduler.Timer deadline =
                context.scheduler().schedule(context.limits().requestDeadline(), () -> overdue(request));
        CompletableFuture<String> answer = new CompletableFuture<>();
        pending.put(request, new Pending(node, answer, deadline));
        Envelope envelope = new Envelope(context.self(), node, Kind.COMMAND, "", "", 0, request, question);
        if (!context.registry().isConnected() || !context.bus().send(envelope)) {
            overdue(request);
        }
        return answer.minimalCompletionStage();
    }

    private void overdue(long request) {
        Pending asked = pending.remove(request);
        if (asked != null) {
            context.counters().busFailures.increment();
            asked.fail("the server " + asked.node + " cannot be reached at the moment");
        }
    }

    /** Another node asks. Thread: the bus's. */
    void asked(Envelope envelope) {
        Answerer here = answerer(envelope.payload());
        if (here == null) {
            error(envelope, new RoomException(Code.UNAVAILABLE, "the server has not started yet"));
            return;
        }
        CompletionStage<?> unused = here.answer(envelope.payload(), context.signed())
                .whenComplete((answer, failure) -> {
                    if (failure == null) {
                        send(envelope.answer(Kind.REPLY, answer));
                    } else {
                        LOG.log(
                                Level.ERROR,
                                "a question of node " + PlainText.of(envelope.from()) + " failed",
                                failure);
                        error(envelope, new RoomException(Code.INTERNAL, "internal error"));
                    }
                });
    }

    private void error(Envelope envelope, RoomException why) {
        send(envelope.answer(Kind.ERROR, RoutePayloads.error(why)));
    }

    private void send(Envelope envelope) {
        if (!context.bus().send(envelope)) {
            context.counters().busFailures.increment(); // Whoever asked has a deadline.
        }
    }

    /** Another node answers. Thread: the bus's. */
    void answered(Envelope envelope) {
        Pending asked = pending.get(envelope.request());
        if (asked == null || !asked.node.equals(envelope.from()) || !pending.remove(envelope.request(), asked)) {
            return;
        }
        asked.deadline.cancel();
        if (envelope.kind() == Kind.REPLY) {
            asked.answer.complete(envelope.payload());
        } else {
            asked.answer.completeExceptionally(RoutePayloads.error(envelope.payload()));
        }
    }

    /** It will not answer any more. */
    void nodeGone(String node) {
        pending.forEach((request, asked) -> {
            if (asked.node.equals(node) && pending.remove(request, asked)) {
                asked.fail("the server " + node + " has gone");
            }
        });
    }
}
