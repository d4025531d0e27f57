package dev.noir.it;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * An OCI archive, unpacked as an engine does it: every octet has the digest that is said of it. What is in it is started in
 * namespaces of mounts, with this machine's network, as the user it names and with nothing to write to but {@code /tmp}.
 *
 * @param root the file system, of all layers
 * @param configuration what the image says of how it is to be started
 */
record Image(Path root, JsonObject configuration) {
    private static final String START =
            """
            set -e
            mount --bind "$0" "$0"
            mount --rbind /proc "$0/proc"
            mount --rbind /dev "$0/dev"
            mount -o remount,bind,ro "$0"
            mount -t tmpfs -o mode=1777,size=256m tmpfs "$0/tmp"
            owner=$1
            shift
            cd "$0"
            exec setpriv --no-new-privs chroot --userspec="$owner" "$0" "$@"
            """;

    /** Makes one of the WAR that was packed last. */
    static Path make(Path target) throws IOException, InterruptedException {
        run(List.of("../tools/image.sh", target.toAbsolutePath().toString()));
        return target;
    }

    static Image unpack(Path archive, Path work) throws IOException, InterruptedException {
        Path layout = Files.createDirectories(work.resolve("layout"));
        Path root = Files.createDirectories(work.resolve("root"));
        run(List.of("tar", "-xf", archive.toString(), "-C", layout.toString()));
        JsonObject index = read(layout.resolve("index.json"));
        JsonObject manifest = read(blob(layout, index.getJsonArray("manifests").getJsonObject(0)));
        for (JsonObject layer : manifest.getJsonArray("layers").getValuesAs(JsonObject.class)) {
            run(List.of("tar", "-xpzf", blob(layout, layer).toString(), "-C", root.toString()));
        }
        JsonObject configuration = read(blob(layout, manifest.getJsonObject("config")));
        return new Image(root, configuration.getJsonObject("config"));
    }

    /** Starts what it names, with these arguments behind. */
    JavaProcess start(String name, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("unshare", "--mount", "--propagation", "private", "sh", "-c"));
        command.addAll(List.of(START, root.toString(), configuration.getString("User")));
        configuration.getJsonArray("Entrypoint").getValuesAs(JsonString.class).stream()
                .map(JsonString::getString)
                .forEach(command::add);
        command.addAll(arguments);
        return JavaProcess.launch(name, command, Map.of());
    }

    private static Path blob(Path layout, JsonObject descriptor) throws IOException {
        String digest = descriptor.getString("digest");
        Path file = layout.resolve("blobs").resolve(digest.replace(':', '/'));
        if (!digest.equals("sha256:" + sha256(file))
                || Files.size(file) != descriptor.getJsonNumber("size").longValue()) {
            throw new IOException(file + " is not what is described: " + descriptor);
        }
        return file;
    }

    static String sha256(Path file) throws IOException {
        try (InputStream content = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] part = new byte[1 << 16];
            for (int length = content.read(part); length >= 0; length = content.read(part)) {
                digest.update(part, 0, length);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonObject read(Path file) throws IOException {
        try (JsonReader reader = Json.createReader(Files.newInputStream(file))) {
            return reader.readObject();
        }
    }

    private static void run(List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(command + " failed:\n" + printed);
        }
    }
}
