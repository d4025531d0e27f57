package dev.noir.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.noir.route.ManagedCluster;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The file that is served says what there is: no more, no less, and not otherwise. */
final class OpenRpcTest {
    /** A method on each line, so that changes can be read. */
    private static String lines(JsonObject document) {
        return "{\"openrpc\": " + document.get("openrpc") + ", \"info\": " + document.get("info") + ", \"methods\": [\n"
                + document.getJsonArray("methods").stream().map(String::valueOf).collect(Collectors.joining(",\n"))
                + "\n]}\n";
    }

    @Test
    void theFileDescribesTheCommands() throws IOException {
        JsonObject document = OpenRpc.document(new ManagedCluster().commands.all());
        Path asItShouldBe = Path.of("target", "openrpc.json");
        Files.createDirectories(asItShouldBe.getParent());
        Files.writeString(asItShouldBe, lines(document));
        try (JsonReader reader = Json.createReader(new StringReader(OpenRpcServlet.file()))) {
            assertEquals(
                    document, reader.readObject(), "copy target/openrpc.json to src/main/resources/dev/noir/admin");
        }
    }
}
