package dev.noir.bot.worker;

import dev.noir.bot.Bot;
import dev.noir.bot.rtc.RtcException;
import dev.noir.bot.rtc.Webrtc;
import dev.noir.bot.signal.Signal;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.net.http.HttpClient;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A process of many bots, told what to do by lines of JSON on its standard input, and telling how it goes on its standard output
 * (docs/bots.md). It ends when its input does.
 */
final class Worker {
    private static final int HEARTBEAT_MILLIS = 1000;

    // Given.
    private final Kinds kinds;
    private final Hosted.Means means;
    private final ScheduledExecutorService heart;
    private final PrintStream out;

    // Owned.
    private final Map<String, Hosted> bots = new ConcurrentHashMap<>();

    /**
     * @param heart beats as long as libwebrtc's threads have their turn
     * @param out for nothing else
     */
    Worker(Kinds kinds, Hosted.Means means, ScheduledExecutorService heart, PrintStream out) {
        this.kinds = kinds;
        this.means = means;
        this.heart = heart;
        this.out = out;
    }

    static Worker load(
            Kinds kinds,
            HttpClient http,
            Executor workers,
            ScheduledExecutorService pacer,
            ScheduledExecutorService heart,
            PrintStream out)
            throws RtcException {
        return new Worker(kinds, new Hosted.Means(Webrtc.load(), http, workers, pacer), heart, out);
    }

    /** Until there is nothing more to be read; then all bots have left, or had some seconds to. */
    void run(BufferedReader in) throws IOException {
        JsonArrayBuilder names = Json.createArrayBuilder(kinds.names());
        say(event("ready").add("kinds", names));
        var beats = heart.scheduleAtFixedRate(this::beat, 0, HEARTBEAT_MILLIS, TimeUnit.MILLISECONDS);
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            obey(line);
        }
        beats.cancel(false);
        bots.values().forEach(Hosted::stop);
        awaitEnd();
    }

    private void awaitEnd() {
        if (bots.isEmpty()) {
            return;
        }
        var over = heart.schedule(() -> bots.isEmpty(), HEARTBEAT_MILLIS, TimeUnit.MILLISECONDS);
        try {
            over.get(2L * HEARTBEAT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
            // The process ends without them.
        }
    }

    private void beat() {
        means.webrtc().prove();
        say(event("alive").add("bots", bots.size()));
    }

    private void obey(String line) {
        JsonObject order;
        try (JsonReader reader = Json.createReader(new StringReader(line))) {
            order = reader.readObject();
        } catch (JsonException | IllegalStateException e) {
            return; // Whoever has said that can do nothing with an answer.
        }
        String id = order.getString("bot", "");
        switch (order.getString("do", "")) {
            case "start" -> start(id, order);
            case "stop" -> Optional.ofNullable(bots.get(id)).ifPresent(Hosted::stop);
            default -> {}
        }
    }

    private void start(String id, JsonObject order) {
        Hosted hosted;
        try {
            Stay stay = stay(order);
            Bot bot = kinds.make(stay);
            hosted = new Hosted(means, stay, bot, new Hosted.Watcher() {
                @Override
                public void joined() {
                    say(event("joined").add("bot", id));
                }

                @Override
                public void over(Stay.End end) {
                    bots.remove(id);
                    Worker.this.over(id, end);
                }
            });
        } catch (RuntimeException | LinkageError e) { // Kinds are not ours.
            over(id, Stay.End.failed(false, e.getMessage() == null ? e.toString() : e.getMessage()));
            return;
        }
        bots.put(id, hosted);
        hosted.start();
    }

    private static Stay stay(JsonObject order) {
        Map<String, String> options = new HashMap<>();
        if (order.get("options") instanceof JsonObject given) {
            for (Map.Entry<String, JsonValue> option : given.entrySet()) {
                options.put(
                        option.getKey(),
                        option.getValue() instanceof JsonString text
                                ? text.getString()
                                : option.getValue().toString());
            }
        }
        return new Stay(
                order.getString("kind"),
                Signal.address(order.getString("url")),
                order.getString("room"),
                order.getString("uid"),
                Optional.ofNullable(order.getString("token", null)),
                Optional.ofNullable(order.getString("password", null)),
                options);
    }

    private void over(String id, Stay.End end) {
        JsonObjectBuilder event = event("over")
                .add("bot", id)
                .add("failed", end.failed())
                .add("again", end.again())
                .add("why", end.why());
        end.next().ifPresent(next -> {
            event.add("room", next.room());
            next.password().ifPresent(password -> event.add("password", password));
        });
        say(event);
    }

    private static JsonObjectBuilder event(String name) {
        return Json.createObjectBuilder().add("is", name);
    }

    private void say(JsonObjectBuilder event) {
        String line = event.build() + "\n";
        synchronized (out) { // Of whole lines.
            out.print(line);
            out.flush();
        }
    }
}
