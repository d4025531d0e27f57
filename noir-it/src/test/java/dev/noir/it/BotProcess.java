package dev.noir.it;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code java -jar noir-bot.jar}, the one packed last. */
final class BotProcess implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(40);

    private final JavaProcess process;

    private BotProcess(JavaProcess process) {
        this.process = process;
    }

    static BotProcess start(Map<String, String> environment, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                JavaProcess.tool("java"), "-Xmx128m", "-XX:+UseSerialGC", JavaProcess.SHORT_LIVED, "-jar", jar()));
        command.addAll(List.of(arguments));
        return new BotProcess(JavaProcess.launch("bot", command, environment));
    }

    static BotProcess start(String... arguments) throws IOException {
        return start(Map.of(), arguments);
    }

    static String jar() {
        return Path.of(System.getProperty("noir.bot", "../noir-bot/target/noir-bot.jar"))
                .toAbsolutePath()
                .normalize()
                .toString();
    }

    String output() throws IOException {
        return process.output();
    }

    int awaitExit() throws InterruptedException {
        return process.awaitExit();
    }

    void terminate() {
        process.terminate();
    }

    /** The first of these events of {@code --json} that has been printed; waits for it. */
    JsonObject await(String event) throws IOException, InterruptedException {
        Deadline deadline = Deadline.in(LIMIT);
        while (true) {
            for (JsonObject told : events()) {
                if (told.getString("event").equals(event)) {
                    return told;
                }
            }
            deadline.pause(event + ", not " + output());
        }
    }

    /** Those printed up to now, whole lines only. */
    List<JsonObject> events() throws IOException {
        String output = process.output();
        List<JsonObject> events = new ArrayList<>();
        for (String line :
                output.substring(0, output.lastIndexOf('\n') + 1).lines().toList()) {
            if (line.startsWith("{")) {
                try (JsonReader reader = Json.createReader(new StringReader(line))) {
                    events.add(reader.readObject());
                }
            }
        }
        return events;
    }

    @Override
    public void close() {
        process.close();
    }
}
