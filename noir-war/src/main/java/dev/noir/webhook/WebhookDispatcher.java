package dev.noir.webhook;

import dev.noir.eventlog.EventStore;
import dev.noir.eventlog.LoggedEvent;
import dev.noir.room.RoomException;
import dev.noir.room.RoomId;
import dev.noir.room.Scheduler;
import dev.noir.webhook.WebhookSender.Answer;
import dev.noir.webhook.WebhookStore.Position;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Delivers events of all rooms of the cluster, each room's in order, each at least once: the next one leaves when the receiver has
 * taken the one before. One node does so at a time, see {@link WebhookStore#lead}. Thread: {@link #run} and {@link #step} its own; the
 * rest any.
 */
public final class WebhookDispatcher implements Runnable, AutoCloseable {
    private static final Logger LOG = System.getLogger(WebhookDispatcher.class.getName());

    static final Duration LOOK = Duration.ofMillis(500);

    /** Messages on their way to one receiver. */
    static final int MAX_UNDER_WAY = 8;

    private static final Duration RENEWAL = Duration.ofSeconds(WebhookStore.LEAD_SECONDS / 3);

    // A host says first that it is about to write: whoever looks in between has to look again.
    private static final Duration LATELY = Duration.ofSeconds(10);
    private static final Duration PRUNING = Duration.ofHours(1);
    private static final int READ_AT_ONCE = 50;
    private static final int ID_CHARS = 27;
    private static final int OK = 200;
    private static final int NOT_OK = 300;
    private static final int GONE = 410;
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

    /** What has become of a message. */
    private record Outcome(Lane lane, LoggedEvent event, @Nullable Answer answer, String failure) {}

    private record Key(String webhook, RoomId room) {}

    // Given.
    private final EventStore events;
    private final WebhookStore store;
    private final WebhookSender sender;
    private final Scheduler time;
    private final Clock clock;
    private final RandomGenerator random;
    private final Duration keep;

    // Owned.
    private final List<Target> targets;
    private final LongAdder deliveredCount = new LongAdder();
    private final LongAdder failedCount = new LongAdder();
    private final CountDownLatch ended = new CountDownLatch(1);

    // State. Under the lock, for moments.
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<Outcome> outcomes = new ArrayDeque<>();
    private final Set<RoomId> written = new HashSet<>();
    private boolean closed;

    // State. Of the dispatcher.
    private final Map<Key, Lane> lanes = new LinkedHashMap<>();
    private final Map<Key, Position> positions = new HashMap<>(); // Of rooms without a lane.
    private boolean leading;
    private long nextLeadNanos;
    private long nextLookNanos;
    private long nextPruneNanos;
    private boolean away;

    // Volatile: for whoever asks.
    private volatile int waitingRooms;

    /** @param keep how long the store remembers rooms */
    public WebhookDispatcher(
            List<Webhook> webhooks,
            EventStore events,
            WebhookStore store,
            WebhookSender sender,
            Scheduler time,
            Clock clock,
            RandomGenerator random,
            Duration keep) {
        this.targets = webhooks.stream().map(Target::new).toList();
        this.events = events;
        this.store = store;
        this.sender = sender;
        this.time = time;
        this.clock = clock;
        this.random = random;
        this.keep = keep;
        this.nextLeadNanos = time.nanoTime();
        this.nextLookNanos = time.nanoTime();
        this.nextPruneNanos = time.nanoTime();
    }

    /** Events that receivers have taken from this node. */
    public long delivered() {
        return deliveredCount.sum();
    }

    /** Attempts that have failed. */
    public long failed() {
        return failedCount.sum();
    }

    /** Rooms of which this node has something to deliver, once for each receiver. */
    public int waitingRooms() {
        return waitingRooms;
    }

    /** Something was added to the room's log here. Does not block. */
    public void written(RoomId room) {
        lock.lock();
        try {
            written.add(room);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void run() {
        try {
            while (await()) {
                step();
            }
            if (leading) {
                store.resign();
            }
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "The server ends its threads", e);
        } catch (RoomException e) {
            LOG.log(Level.DEBUG, "Another node delivers a little later", e);
        } finally {
            ended.countDown();
        }
    }

    /** Until there is something to do. False: it is over. */
    private boolean await() throws InterruptedException {
        lock.lock();
        try {
            long leftNanos = LOOK.toNanos();
            while (!closed && leftNanos > 0 && (away || !leading || (outcomes.isEmpty() && written.isEmpty()))) {
                leftNanos = changed.awaitNanos(leftNanos);
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /** Looks, and sends what is due. */
    void step() {
        try {
            if (lead()) {
                settle();
                look();
                send();
            }
            away = false;
        } catch (RoomException e) {
            LOG.log(Level.DEBUG, "Events cannot be delivered now", e);
            away = true;
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "Events were not delivered", e);
            away = true;
        }
    }

    private boolean lead() {
        if (time.nanoTime() - nextLeadNanos < 0) {
            return leading;
        }
        boolean led = leading;
        leading = false;
        if (store.lead()) {
            if (!led) {
                begin();
            }
            leading = true;
            nextLeadNanos = time.nanoTime() + RENEWAL.toNanos();
            prune();
        } else {
            nextLeadNanos = time.nanoTime() + LOOK.toNanos();
            lock.lock();
            try {
                written.clear(); // Whoever delivers looks for himself.
            } finally {
                lock.unlock();
            }
        }
        return leading;
    }

    /** From now on this node delivers: all that is known is looked through. What is still under way belongs to nobody. */
    private void begin() {
        lanes.clear();
        positions.clear();
        for (Target target : targets) {
            target.known(store.register(target.id()));
            store.positions(target.id())
                    .forEach((room, position) -> positions.put(new Key(target.id(), room), position));
        }
        events.written(keep.multipliedBy(2)).forEach(this::look);
    }

    /** Of rooms whose logs are forgotten by now. */
    private void prune() {
        if (time.nanoTime() - nextPruneNanos >= 0) {
            nextPruneNanos = time.nanoTime() + PRUNING.toNanos();
            Instant oldest = clock.instant().minus(keep.multipliedBy(2));
            List<Key> old = positions.entrySet().stream()
                    .filter(entry -> entry.getValue().time().isBefore(oldest))
                    .map(Map.Entry::getKey)
                    .toList();
            for (Key key : old) {
                store.forget(key.webhook(), key.room());
                positions.remove(key);
            }
        }
    }

    private void look() {
        List<RoomId> rooms;
        lock.lock();
        try {
            rooms = new ArrayList<>(written);
            written.clear();
        } finally {
            lock.unlock();
        }
        if (time.nanoTime() - nextLookNanos >= 0) {
            rooms.addAll(events.written(LATELY));
            nextLookNanos = time.nanoTime() + LOOK.toNanos();
        }
        rooms.forEach(this::look);
    }

    private void look(RoomId room) {
        for (Target target : targets) {
            if (!target.isGone()) {
                Key key = new Key(target.id(), room);
                lanes.computeIfAbsent(key, of -> lane(target, of)).look();
            }
        }
    }

    private Lane lane(Target target, Key key) {
        Position known = positions.remove(key);
        return new Lane(target, key.room(), known == null ? Lane.BEGINNING : known, time.nanoTime());
    }

    private void send() {
        int waiting = 0;
        for (Map.Entry<Key, Lane> entry : List.copyOf(lanes.entrySet())) {
            Lane lane = entry.getValue();
            if (lane.isDue(time.nanoTime()) && lane.target().underWay() < MAX_UNDER_WAY) {
                advance(lane);
            }
            if (lane.isIdle() || (lane.target().isGone() && !lane.isUnderWay())) {
                lanes.remove(entry.getKey());
                positions.put(entry.getKey(), lane.position());
            } else {
                waiting++;
            }
        }
        waitingRooms = waiting;
    }

    /** To the next event that its receiver wants. */
    private void advance(Lane lane) {
        if (lane.needsReading()) {
            read(lane);
        }
        for (LoggedEvent next = lane.next(); next != null; next = lane.next()) {
            if (lane.target().wants(next)) {
                send(lane, next);
                return;
            }
            lane.done(next);
        }
    }

    private void read(Lane lane) {
        long from = Math.max(1, lane.position().number());
        if (!lane.read(events.read(lane.room(), from, READ_AT_ONCE), READ_AT_ONCE)) {
            lane.beginAnew();
            lane.read(events.read(lane.room(), 1, READ_AT_ONCE), READ_AT_ONCE);
        }
    }

    private void send(Lane lane, LoggedEvent event) {
        String id = messageId(event);
        long seconds = clock.instant().getEpochSecond();
        Webhook webhook = lane.target().webhook();
        Map<String, String> headers = Map.of(
                "content-type",
                "application/json",
                "user-agent",
                "noiR",
                "webhook-id",
                id,
                "webhook-timestamp",
                Long.toString(seconds),
                "webhook-signature",
                webhook.signature().of(id, seconds, event.json()));
        lane.sent();
        lane.target().begin();
        sender.send(webhook.url(), headers, event.json())
                .whenComplete((answer, failure) -> ended(
                        new Outcome(lane, event, answer, failure == null ? "" : String.valueOf(failure.getMessage()))));
    }

    /** The same whenever and by whomever it is sent: the receiver knows by it what it has had. */
    static String messageId(LoggedEvent event) {
        byte[] hash = Webhook.sha256(List.of(
                event.room(),
                Long.toString(event.number()),
                Long.toString(event.time().toEpochMilli())));
        return "msg_"
                + Base64.getUrlEncoder().withoutPadding().encodeToString(hash).substring(0, ID_CHARS);
    }

    private void ended(Outcome outcome) {
        lock.lock();
        try {
            outcomes.add(outcome);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void settle() {
        for (Outcome outcome = nextOutcome(); outcome != null; outcome = nextOutcome()) {
            settle(outcome);
        }
    }

    private @Nullable Outcome nextOutcome() {
        lock.lock();
        try {
            return outcomes.poll();
        } finally {
            lock.unlock();
        }
    }

    private void settle(Outcome outcome) {
        Lane lane = outcome.lane();
        Target target = lane.target();
        Answer answer = outcome.answer();
        boolean taken = answer != null && answer.status() >= OK && answer.status() < NOT_OK;
        boolean news = target.end(!taken);
        if (lanes.get(new Key(target.id(), lane.room())) != lane) {
            return; // This node had ceased to deliver meanwhile: whoever did has sent it as well.
        }
        if (taken) {
            taken(lane, outcome.event(), news);
            return;
        }
        failedCount.increment();
        String why = answer == null ? outcome.failure() : "answers " + answer.status();
        if (answer != null && answer.status() == GONE) {
            target.goes();
            LOG.log(Level.WARNING, "{0} is gone (410): nothing is sent to it any more", target);
            store.disable(target.id());
        } else if (news) {
            LOG.log(Level.WARNING, "{0} does not take events, which wait: {1}", target, why);
        }
        String retryAfter = answer == null ? "" : answer.retryAfter();
        Duration wait = Backoff.after(lane.failures() + 1, retryAfter, clock.instant(), random);
        lane.failed(time.nanoTime() + wait.toNanos());
    }

    private void taken(Lane lane, LoggedEvent event, boolean news) {
        lane.done(event);
        deliveredCount.increment();
        if (news) {
            LOG.log(Level.INFO, "{0} takes events", lane.target());
        }
        if (!store.advance(lane.target().id(), lane.room(), lane.position())) {
            leading = false; // Another node does it.
            nextLeadNanos = time.nanoTime();
        }
    }

    /** What is under way is not waited for: it is sent again by whoever goes on. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            if (!ended.await(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.log(Level.WARNING, "The delivery of events has not ended in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
