package dev.noir.bot.worker;

import dev.noir.bot.Bot;
import dev.noir.bot.rtc.RtcException;
import dev.noir.bot.rtc.Webrtc;
import dev.noir.bot.signal.Signal;
import jakarta.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Of the command line: a process of many bots, and a single one by hand.
 *
 * @param workers run tasks that may wait, as many as there are
 * @param pacer says when something is due
 * @param heart does nothing else
 * @param randomName a few letters
 */
public record WorkerCommand(
        PrintStream out,
        HttpClient http,
        Executor workers,
        ScheduledExecutorService pacer,
        ScheduledExecutorService heart,
        String randomName) {
    private static final int OK = 0;
    private static final int FAILED = 1;
    private static final int CANNOT_BEGIN = 2;
    private static final int NO_CONNECTION = 3;

    /** As they were given. */
    private static final class Given {
        private final List<String> words = new ArrayList<>();
        private final Map<String, String> options = new HashMap<>();
        private String classpath = "";
        private Optional<Path> files = Optional.empty();
        private Optional<String> uid = Optional.empty();
        private Optional<String> token = Optional.empty();

        static Given of(List<String> arguments, Map<String, String> environment) {
            Given given = new Given();
            given.token = Optional.ofNullable(environment.get("NOIR_TOKEN"));
            Iterator<String> rest = arguments.iterator();
            while (rest.hasNext()) {
                String argument = rest.next();
                if (argument.startsWith("--") && !rest.hasNext()) {
                    throw new IllegalArgumentException(argument + " needs a value");
                }
                switch (argument) {
                    case "--classpath" -> given.classpath = rest.next();
                    case "--files" -> given.files = Optional.of(Path.of(rest.next()));
                    case "--uid" -> given.uid = Optional.of(rest.next());
                    case "--token" -> given.token = Optional.of(rest.next());
                    case "--option" -> given.addOption(rest.next());
                    default -> given.addWord(argument);
                }
            }
            return given;
        }

        private void addWord(String word) {
            if (word.startsWith("-")) {
                throw new IllegalArgumentException("there is no option '" + word + "'");
            }
            words.add(word);
        }

        private void addOption(String text) {
            int equals = text.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("--option needs NAME=VALUE, not '" + text + "'");
            }
            options.put(text.substring(0, equals), text.substring(equals + 1));
        }
    }

    /** Until its input ends; what the process is to end with. */
    public int worker(List<String> arguments, BufferedReader in) throws IOException {
        Worker worker;
        try {
            Given given = Given.of(arguments, Map.of());
            Kinds kinds = Kinds.load(given.classpath, given.files);
            worker = Worker.load(kinds, http, workers, pacer, heart, out);
        } catch (IOException | RtcException | RuntimeException e) {
            out.println(Json.createObjectBuilder()
                    .add("is", "failed")
                    .add("why", String.valueOf(e.getMessage()))
                    .build());
            return CANNOT_BEGIN;
        }
        worker.run(in);
        return OK;
    }

    /** Until it has left, from room to room; what the process is to end with. */
    public int bot(List<String> arguments, Map<String, String> environment, Consumer<Runnable> onStart)
            throws InterruptedException {
        Hosted.Means means;
        Kinds kinds;
        Stay stay;
        try {
            Given given = Given.of(arguments, environment);
            if (given.words.size() != 3) {
                throw new IllegalArgumentException("a kind of bot, an address and a room are needed");
            }
            kinds = Kinds.load(given.classpath, given.files);
            stay = new Stay(
                    given.words.get(0),
                    Signal.address(given.words.get(1)),
                    given.words.get(2),
                    given.uid.orElse("bot-" + randomName),
                    given.token,
                    Optional.empty(),
                    given.options);
            kinds.make(stay);
            means = new Hosted.Means(Webrtc.load(), http, workers, pacer);
        } catch (IOException | RtcException | IllegalArgumentException e) {
            out.println("failed: " + e.getMessage());
            return CANNOT_BEGIN;
        }
        AtomicReference<Optional<Hosted>> now = new AtomicReference<>(Optional.empty());
        AtomicBoolean stopped = new AtomicBoolean();
        onStart.accept(() -> {
            stopped.set(true);
            Objects.requireNonNull(now.get()).ifPresent(Hosted::stop);
        });
        while (true) {
            Stay.End end = stay(means, stay, kinds.make(stay), now, stopped);
            if (end.next().isEmpty() || stopped.get()) {
                out.println(end.failed() ? "failed: " + end.why() : "left");
                return !end.failed() ? OK : end.again() ? NO_CONNECTION : FAILED;
            }
            out.println(end.why());
            stay = stay.at(end.next().get());
        }
    }

    /** How it has ended. */
    private Stay.End stay(
            Hosted.Means means, Stay stay, Bot bot, AtomicReference<Optional<Hosted>> now, AtomicBoolean stopped)
            throws InterruptedException {
        CompletableFuture<Stay.End> over = new CompletableFuture<>();
        Hosted hosted = new Hosted(means, stay, bot, watcher(over, stay));
        now.set(Optional.of(hosted));
        hosted.start();
        if (stopped.get()) { // Maybe before there was anything to be stopped.
            hosted.stop();
        }
        try {
            return over.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e); // Nothing completes it so.
        }
    }

    private Hosted.Watcher watcher(CompletableFuture<Stay.End> over, Stay stay) {
        return new Hosted.Watcher() {
            @Override
            public void joined() {
                out.println("joined " + stay.room() + " as " + stay.uid());
            }

            @Override
            public void over(Stay.End end) {
                over.complete(end);
            }
        };
    }
}
