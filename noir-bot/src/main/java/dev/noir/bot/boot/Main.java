package dev.noir.bot.boot;

import dev.noir.bot.call.CallCommand;
import dev.noir.bot.call.Caller;
import dev.noir.bot.worker.WorkerCommand;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** {@code java -jar noir-bot.jar VERB}: docs/bots.md. */
public final class Main {
    private static final int PACERS = 2; // Pictures must not make sound wait.
    private static final int LAST_WORDS_SECONDS = 5;

    private Main() {}

    public static void main(String[] arguments) {
        int exit;
        try {
            exit = run(List.of(arguments));
        } catch (Throwable e) { // Nothing else would end the process: libwebrtc's threads do not.
            e.printStackTrace();
            exit = Caller.NO_CONNECTION;
        }
        System.out.flush();
        System.err.flush();
        // libwebrtc's own teardown is not always survived, and there is nothing left to lose. What it complains of then
        // nobody wants to
        // read: whoever closes these has them lead nowhere.
        for (FileDescriptor printed : List.of(FileDescriptor.out, FileDescriptor.err)) {
            try (FileOutputStream stream = new FileOutputStream(printed)) {
                stream.flush();
            } catch (IOException e) {
                // Then it complains.
            }
        }
        Runtime.getRuntime().halt(exit);
    }

    private static int run(List<String> arguments) throws InterruptedException, IOException {
        String verb = arguments.isEmpty() ? "" : arguments.get(0);
        switch (verb) {
            case "call" -> {
                return call(arguments.subList(1, arguments.size()));
            }
            case "bot" -> {
                return workers().bot(arguments.subList(1, arguments.size()), System.getenv(), Main::onSignal);
            }
            case "worker" -> {
                WorkerCommand worker = workers();
                System.setOut(System.err); // Whatever else is printed is not for who listens.
                return worker.worker(
                        arguments.subList(1, arguments.size()),
                        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)));
            }
            case "", "help", "--help", "-h" -> {
                System.out.println(
                        """
                        Usage: noir-bot call URL ROOM [options]       a test caller; noir-bot call --help tells more
                               noir-bot bot KIND URL ROOM [options]   one bot: --uid NAME, --token T, --option NAME=VALUE
                               noir-bot worker [options]              many, for a server that is told to: docs/bots.md
                        bot and worker: --classpath JARS with bots of one's own, --files FOLDER of files that bots may read""");
                return verb.isEmpty() ? Caller.CANNOT_BEGIN : Caller.OK;
            }
            default -> {
                System.err.println("there is no verb '" + verb + "'; --help tells which there are");
                return Caller.CANNOT_BEGIN;
            }
        }
    }

    private static WorkerCommand workers() {
        ExecutorService workers = Executors.newCachedThreadPool(named("noir-bot-worker"));
        return new WorkerCommand(
                new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8),
                HttpClient.newBuilder().executor(workers).build(),
                workers,
                Executors.newScheduledThreadPool(PACERS, named("noir-bot-pacer")),
                Executors.newSingleThreadScheduledExecutor(named("noir-bot-heart")),
                randomName());
    }

    private static String randomName() {
        return Integer.toString(new Random().nextInt(1 << 30), Character.MAX_RADIX);
    }

    private static int call(List<String> arguments) throws InterruptedException {
        ExecutorService workers = Executors.newCachedThreadPool(named("noir-bot-worker"));
        ScheduledExecutorService pacer = Executors.newScheduledThreadPool(PACERS, named("noir-bot-pacer"));
        HttpClient http = HttpClient.newBuilder().executor(workers).build();
        CallCommand command =
                new CallCommand(System.out, System.err, http, workers, pacer, System::nanoTime, randomName());
        return command.run(arguments, System.getenv(), Main::onSignal);
    }

    /** Ctrl-C and SIGTERM end what runs in good order: it halts the process when it has said its last words. */
    private static void onSignal(Runnable stop) {
        CountDownLatch never = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            stop.run();
            try {
                if (!never.await(LAST_WORDS_SECONDS, TimeUnit.SECONDS)) {
                    Runtime.getRuntime().halt(Caller.NO_CONNECTION);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
    }

    private static java.util.concurrent.ThreadFactory named(String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
