package dev.noir.bot.worker;

import dev.noir.bot.BotKind;
import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The kinds of bots that there are: our own, and those of an application's jars. Thread: any. */
final class Kinds {
    private final Map<String, BotKind> byName;
    private final Optional<Path> folder;

    private Kinds(Map<String, BotKind> byName, Optional<Path> folder) {
        this.byName = byName;
        this.folder = folder;
    }

    /**
     * Once in a process: jars stay open.
     *
     * @param classpath jars, folders of jars and folders of classes, as {@code java -cp} has them between them
     * @param folder of files that options may name
     * @throws IOException whose words say what of it cannot be used
     */
    static Kinds load(String classpath, Optional<Path> folder) throws IOException {
        List<URL> urls = new ArrayList<>();
        for (String entry : classpath.split(File.pathSeparator, -1)) {
            if (!entry.isEmpty()) {
                add(Path.of(entry), urls);
            }
        }
        ClassLoader loader = new URLClassLoader(urls.toArray(URL[]::new), Kinds.class.getClassLoader());
        Map<String, BotKind> found = new TreeMap<>();
        try {
            for (BotKind kind : ServiceLoader.load(BotKind.class, loader)) {
                if (found.putIfAbsent(kind.name(), kind) != null) {
                    throw new IOException("there are two kinds of bots called " + kind.name());
                }
            }
        } catch (ServiceConfigurationError e) {
            throw new IOException("a kind of bots cannot be loaded: " + e.getMessage(), e);
        }
        return new Kinds(found, folder);
    }

    private static void add(Path entry, List<URL> urls) throws IOException {
        if (!Files.exists(entry)) {
            throw new IOException(entry + " of the class path is not there");
        }
        urls.add(url(entry));
        if (Files.isDirectory(entry)) {
            try (Stream<Path> files = Files.list(entry)) {
                for (Path jar : files.filter(file -> file.toString().endsWith(".jar"))
                        .sorted()
                        .toList()) {
                    urls.add(url(jar));
                }
            }
        }
    }

    private static URL url(Path path) throws MalformedURLException {
        return path.toUri().toURL();
    }

    List<String> names() {
        return List.copyOf(byName.keySet());
    }

    /** @throws IllegalArgumentException in words, when there is no such kind, or it cannot do that */
    dev.noir.bot.Bot make(Stay stay) {
        BotKind kind = byName.get(stay.kind());
        if (kind == null) {
            throw new IllegalArgumentException("there is no bot called " + stay.kind() + ", but " + byName.keySet());
        }
        return kind.make(stay.options(), this::file);
    }

    private Path file(String name) {
        Path inside = folder.orElseThrow(() -> new IllegalArgumentException("there is no folder of files for bots"));
        try {
            Path root = inside.toRealPath();
            Path file = root.resolve(name).toRealPath();
            if (file.startsWith(root) && Files.isRegularFile(file)) {
                return file;
            }
        } catch (IOException | java.nio.file.InvalidPathException e) {
            // There is none.
        }
        throw new IllegalArgumentException("there is no such file: " + name);
    }
}
