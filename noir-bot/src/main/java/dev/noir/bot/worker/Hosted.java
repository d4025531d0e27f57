package dev.noir.bot.worker;

import dev.noir.bot.Bot;
import dev.noir.bot.Picture;
import dev.noir.bot.Room;
import dev.noir.bot.Sound;
import dev.noir.bot.rtc.Camera;
import dev.noir.bot.rtc.Microphone;
import dev.noir.bot.rtc.Peer;
import dev.noir.bot.rtc.RemoteTrack;
import dev.noir.bot.rtc.RtcException;
import dev.noir.bot.rtc.Serial;
import dev.noir.bot.rtc.Webrtc;
import dev.noir.bot.signal.SignalException;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A bot in a room. Everything of the bot runs in one row, which begins with joining, so that what comes from the room is told
 * afterwards. Thread: any.
 */
final class Hosted implements Peer.Listener {
    private static final Logger LOG = System.getLogger(Hosted.class.getName());
    private static final Duration MEDIA_PATIENCE = Duration.ofSeconds(15);
    private static final Duration CATCH_UP = Duration.ofMillis(200);

    /** Of docs/protocol.md §8: the connection is gone, and not the right to one. */
    private static final Set<Integer> WORTH_ANOTHER_TRY =
            Set.of(1001, 1006, 1011, 1013, 4001, 4002, 4003, 4004, 4006, 4010);

    private static final int ROOM_ENDED = 4005;
    private static final int MOVED = 4011;
    private static final int UNAVAILABLE = 503;

    /** What all bots of a process share. */
    record Means(Webrtc webrtc, HttpClient http, Executor workers, ScheduledExecutorService pacer) {}

    /** Who wants to know. Thread: the bot's. */
    interface Watcher {
        void joined();

        void over(Stay.End end);
    }

    // Given.
    private final Means means;
    private final Stay stay;
    private final Bot bot;
    private final Watcher watcher;

    // Owned.
    private final Serial row;
    private final Peer peer;
    private final AtomicReference<Stay.End> end = new AtomicReference<>();
    private final List<Future<?>> paced = new ArrayList<>(); // Guarded by itself.
    private Stay.@Nullable Elsewhere elsewhere; // Of the peer's thread for what it hears.

    Hosted(Means means, Stay stay, Bot bot, Watcher watcher) {
        this.means = means;
        this.stay = stay;
        this.bot = bot;
        this.watcher = watcher;
        this.row = new Serial(means.workers());
        this.peer = new Peer(means.webrtc(), means.workers(), true, this);
    }

    void start() {
        row.execute(() -> during(this::join));
    }

    /** It leaves, and has not failed. */
    void stop() {
        finish(Stay.End.DONE);
    }

    private void join() throws Exception {
        try {
            Map<String, String> headers = stay.token()
                    .map(token -> Map.of("Authorization", "Bearer " + token))
                    .orElse(Map.of());
            peer.connect(means.http(), stay.signalling(), headers);
            peer.join(stay.room(), stay.uid(), config());
            peer.awaitMedia(MEDIA_PATIENCE);
        } catch (SignalException e) {
            boolean again = e.code() == SignalException.NO_ANSWER || e.code() == UNAVAILABLE;
            finish(Stay.End.failed(again, String.valueOf(e.getMessage())));
            return;
        } catch (RtcException e) {
            finish(Stay.End.failed(true, String.valueOf(e.getMessage())));
            return;
        }
        watcher.joined();
        bot.joined(new OwnRoom());
    }

    private Map<String, JsonValue> config() {
        return stay.password()
                .map(password -> Map.<String, JsonValue>of("password", Json.createValue(password)))
                .orElse(Map.of());
    }

    /** Code of the bot's: what it throws is its end. */
    private interface Work {
        void run() throws Exception;
    }

    private void during(Work work) {
        if (end.get() != null) {
            return;
        }
        try {
            work.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            finish(Stay.End.DONE);
        } catch (Exception | LinkageError | StackOverflowError e) { // Of code that is not ours.
            LOG.log(Level.WARNING, stay + " has failed", e);
            finish(Stay.End.failed(false, e.getMessage() == null ? e.toString() : e.getMessage()));
        }
    }

    private void finish(Stay.End how) {
        if (!end.compareAndSet(null, how)) {
            return;
        }
        synchronized (paced) { // For a moment.
            paced.forEach(task -> task.cancel(false));
            paced.clear();
        }
        row.execute(() -> {
            peer.close();
            try {
                bot.left();
            } catch (RuntimeException e) { // Of code that is not ours.
                LOG.log(Level.WARNING, stay + " has not ended well", e);
            }
            watcher.over(how);
        });
    }

    @Override
    public void began(RemoteTrack track) {
        row.execute(() -> during(() -> bot.began(track)));
    }

    @Override
    public void ended(RemoteTrack track) {
        row.execute(() -> during(() -> bot.ended(track)));
    }

    /** Into another room it is asked first, and closed then. */
    @Override
    public void told(String method, JsonObject params) {
        if (method.equals("moved") && params.get("sid") instanceof JsonString room) {
            elsewhere = new Stay.Elsewhere(
                    room.getString(),
                    params.get("password") instanceof JsonString password
                            ? Optional.of(password.getString())
                            : Optional.empty());
        }
    }

    @Override
    public void over(int code, String reason) {
        String why = "the server has closed the connection: " + code + " " + reason;
        Stay.Elsewhere next = elsewhere;
        if (code == ROOM_ENDED) {
            finish(Stay.End.DONE);
        } else if (code == MOVED && next != null) {
            finish(Stay.End.moved(next));
        } else {
            finish(Stay.End.failed(WORTH_ANOTHER_TRY.contains(code), why));
        }
    }

    /** What the bot has in its hands. */
    private final class OwnRoom implements Room {
        @Override
        public String name() {
            return stay.room();
        }

        @Override
        public String uid() {
            return stay.uid();
        }

        @Override
        public Publication publish(boolean sound, boolean pictures) throws BotException, InterruptedException {
            Optional<Microphone> microphone =
                    sound ? Optional.of(new Microphone(means.webrtc(), "sound")) : Optional.empty();
            Optional<Camera> camera = pictures ? Optional.of(new Camera(means.webrtc(), "picture")) : Optional.empty();
            try {
                peer.publish("bot-" + Integer.toHexString(stay.uid().hashCode()), microphone, camera);
            } catch (SignalException | RtcException e) {
                throw new BotException(String.valueOf(e.getMessage()), e);
            }
            return new Publication() {
                @Override
                public void play(Sound due) {
                    microphone.ifPresent(to -> to.play(due));
                }

                @Override
                public void show(Picture due) {
                    camera.ifPresent(to -> to.show(due));
                }
            };
        }

        @Override
        public void every(Duration period, Runnable task) {
            long nanos = Math.max(1, period.toNanos());
            int mostLate = (int) Math.max(1, CATCH_UP.toNanos() / nanos);
            AtomicInteger due = new AtomicInteger();
            Runnable turn = () -> {
                if (due.get() < mostLate && due.getAndIncrement() == 0) {
                    row.execute(() -> during(() -> {
                        do {
                            task.run();
                        } while (end.get() == null && due.decrementAndGet() > 0);
                    }));
                }
            };
            synchronized (paced) { // For a moment.
                if (end.get() == null) {
                    paced.add(means.pacer().scheduleAtFixedRate(turn, 0, nanos, TimeUnit.NANOSECONDS));
                }
            }
        }

        @Override
        public void leave() {
            stop();
        }
    }
}
