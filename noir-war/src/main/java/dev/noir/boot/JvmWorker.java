package dev.noir.boot;

import dev.noir.bots.WorkerProcess;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** A Java VM with bots in it. Thread: any; it has one that writes to it, and one that reads. */
final class JvmWorker implements WorkerProcess {
    private static final int MAX_LINE_CHARS = 64 << 10;
    private static final int MAX_WAITING_LINES = 1000;
    private static final String END_OF_LINES = "";

    /** What of our environment is its business; the rest has secrets in it. */
    private static final Set<String> ENVIRONMENT =
            Set.of("PATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "HOME");

    private final Process process;
    private final Listener listener;
    private final LinkedBlockingQueue<String> waiting = new LinkedBlockingQueue<>(MAX_WAITING_LINES);

    private JvmWorker(Process process, Listener listener) {
        this.process = process;
        this.listener = listener;
    }

    /**
     * Workers of that jar.
     *
     * @param options of its verb worker
     */
    static Source source(Path jar, List<String> options, ThreadFactory threads) {
        return (name, listener) -> {
            if (!Files.isReadable(jar)) {
                throw new IOException("there is no file " + jar);
            }
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx256m",
                    "-XX:+UseSerialGC",
                    "-XX:-CreateCoredumpOnCrash",
                    "-jar",
                    jar.toAbsolutePath().toString(),
                    "worker"));
            command.addAll(options);
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(new File(System.getProperty("java.io.tmpdir")))
                    .redirectErrorStream(true);
            builder.environment().keySet().retainAll(ENVIRONMENT);
            JvmWorker worker = new JvmWorker(builder.start(), listener);
            threads.newThread(worker::write).start();
            threads.newThread(worker::read).start();
            return worker;
        };
    }

    private void write() {
        try (BufferedWriter out =
                new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8))) {
            for (String line = waiting.take(); !line.equals(END_OF_LINES); line = waiting.take()) {
                out.write(line);
                out.write('\n');
                out.flush();
            }
        } catch (IOException e) {
            // It is no more, which the other thread hears.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void read() {
        try (Reader in = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            StringBuilder line = new StringBuilder();
            for (int next = in.read(); next >= 0; next = in.read()) {
                if (next == '\n') {
                    listener.said(line.toString());
                    line.setLength(0);
                } else if (line.length() < MAX_LINE_CHARS) {
                    line.append((char) next);
                }
            }
        } catch (IOException e) {
            // As if it had ended.
        } finally {
            kill();
            end();
            listener.ended();
        }
    }

    @Override
    public void tell(String line) {
        if (!waiting.offer(line)) {
            kill();
        }
    }

    @Override
    public void end() {
        if (!waiting.offer(END_OF_LINES)) {
            waiting.clear(); // It has not listened for a long time.
            var unused = waiting.offer(END_OF_LINES);
        }
    }

    @Override
    public void kill() {
        process.destroyForcibly();
    }

    @Override
    public void awaitEnd(Duration limit) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                kill();
            }
        } catch (InterruptedException e) {
            kill();
            Thread.currentThread().interrupt();
        }
    }
}
