package dev.noir.it;

import dev.noir.fixture.ServerCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** A directory for one server of one test: its configuration, logs, applications, temporary files; deleted at the end. */
final class Instance implements AutoCloseable {
    private static final Path CONFIG = Path.of(System.getProperty("noir.it.config", "../config"));

    private final Path directory;

    Instance(String name) throws IOException {
        directory = Files.createTempDirectory(JavaProcess.temporaryFiles(), "noir-" + name + "-")
                .toRealPath();
        Files.createDirectory(temporaryFiles());
    }

    Path path(String name) {
        return directory.resolve(name);
    }

    /** {@code java.io.tmpdir} of the server. */
    Path temporaryFiles() {
        return directory.resolve("tmp");
    }

    Path folder(String name) throws IOException {
        return Files.createDirectories(directory.resolve(name));
    }

    /** Copies what a stock server has. */
    void copy(Path stock, String to) throws IOException {
        Path target = directory.resolve(to);
        try (Stream<Path> files = Files.walk(stock)) {
            for (Path file : files.toList()) {
                Path copy = target.resolve(stock.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.createDirectories(copy.getParent());
                    Files.copy(file, copy);
                }
            }
        }
    }

    /** A template of {@code config/}, as the administrator gets it, less what must differ here, such as ports. */
    static String template(String name, Map<String, ?> changes) throws IOException {
        return changed(name, Files.readString(CONFIG.resolve(name)), changes);
    }

    /** Puts the template there as it is. */
    void install(String name, String to, Map<String, ?> changes) throws IOException {
        Path target = directory.resolve(to);
        Files.createDirectories(target.getParent());
        Files.writeString(target, template(name, changes));
    }

    void write(String to, String text) throws IOException {
        Path target = directory.resolve(to);
        Files.createDirectories(target.getParent());
        Files.writeString(target, text);
    }

    /** Puts the template at the end of a file that is here. */
    void append(String name, String to) throws IOException {
        write(to, Files.readString(directory.resolve(to)) + "\n" + template(name, Map.of()));
    }

    /** PKCS #12, with a certificate that this has made; the password is "changeit". */
    void keyStore(String to) throws IOException {
        Path target = directory.resolve(to);
        ServerCertificate.make(target.getParent());
        Files.move(target.resolveSibling("server.p12"), target);
    }

    /** Changes a file that is here. */
    void edit(String name, Map<String, ?> changes) throws IOException {
        Path file = directory.resolve(name);
        Files.writeString(file, changed(name, Files.readString(file), changes));
    }

    @Override
    public void close() {
        try {
            Distribution.deleteAll(directory);
        } catch (IOException | UncheckedIOException e) {
            throw new IllegalStateException("Something still writes to " + directory, e);
        }
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** Each change must find its place: or the file has changed, and the test would test something else. */
    private static String changed(String name, String text, Map<String, ?> changes) {
        String result = text;
        for (Map.Entry<String, ?> change : changes.entrySet()) {
            if (!result.contains(change.getKey())) {
                throw new IllegalStateException(name + " does not contain '" + change.getKey() + "'");
            }
            result = result.replace(change.getKey(), change.getValue().toString());
        }
        return result;
    }
}
