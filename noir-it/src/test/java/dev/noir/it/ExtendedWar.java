package dev.noir.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Makes what a company makes: noiR's WAR with a jar of its own in {@code WEB-INF/lib}. */
final class ExtendedWar {
    private ExtendedWar() {}

    /** @param sources by class name; they may use what the WAR has in {@code WEB-INF} */
    static Path make(Path folder, Map<String, String> sources) throws IOException {
        Path war = folder.resolve("extended.war");
        Files.copy(Path.of(NoirProcess.war()), war);
        try (FileSystem inside = FileSystems.newFileSystem(war, Map.of())) {
            Path classes = Files.createDirectory(folder.resolve("classes"));
            compile(sources, classpath(inside, folder), folder, classes);
            Files.copy(jar(folder, classes), inside.getPath("WEB-INF/lib/extension.jar"));
        }
        return war;
    }

    /**
     * With settings of the company's own, where what the administrator says wins, and a servlet.
     *
     * @param servlet source of the class {@code Broken}
     */
    static Path configured(Path folder, String servlet, Map<String, String> settings) throws IOException {
        Path war = folder.resolve("configured.war");
        Files.copy(Path.of(NoirProcess.war()), war);
        Path lines = folder.resolve("settings");
        Files.write(
                lines,
                settings.entrySet().stream()
                        .map(setting -> setting.getKey() + "=" + setting.getValue())
                        .toList());
        try (FileSystem inside = FileSystems.newFileSystem(war, Map.of())) {
            Path classes = Files.createDirectory(folder.resolve("classes"));
            compile(Map.of("Broken", servlet), classpath(inside, folder), folder, classes);
            Files.copy(classes.resolve("Broken.class"), inside.getPath("WEB-INF/classes/Broken.class"));
            Path config = Files.createDirectories(inside.getPath("WEB-INF/classes/META-INF"));
            Files.copy(lines, config.resolve("microprofile-config.properties"));
        }
        return war;
    }

    private static String classpath(FileSystem war, Path folder) throws IOException {
        Path unpacked = Files.createDirectory(folder.resolve("war"));
        List<String> path = new ArrayList<>(List.of(unpacked.toString()));
        Path own = war.getPath("WEB-INF/classes");
        for (Path file : walk(own)) {
            Path target = unpacked.resolve(own.relativize(file).toString());
            Files.createDirectories(target.getParent());
            Files.copy(file, target);
        }
        for (Path file : walk(war.getPath("WEB-INF"))) {
            String name = file.getFileName().toString();
            if (name.startsWith("jakarta.") || name.startsWith("tomcat-") || name.startsWith("opentelemetry-")) {
                Path target = folder.resolve(name);
                Files.copy(file, target);
                path.add(target.toString());
            }
        }
        return String.join(":", path);
    }

    private static List<Path> walk(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private static void compile(Map<String, String> sources, String classpath, Path folder, Path classes)
            throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        List<Path> files = new ArrayList<>();
        for (Map.Entry<String, String> source : sources.entrySet()) {
            files.add(Files.writeString(folder.resolve(source.getKey() + ".java"), source.getValue()));
        }
        List<String> options = List.of("-cp", classpath, "-d", classes.toString(), "-proc:none");
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, UTF_8)) {
            boolean compiled = compiler.getTask(
                            messages, manager, null, options, null, manager.getJavaFileObjectsFromPaths(files))
                    .call();
            if (!compiled) {
                throw new IllegalStateException("The extension does not compile: " + messages);
            }
        }
    }

    private static Path jar(Path folder, Path classes) throws IOException {
        Path jar = folder.resolve("extension.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            out.putNextEntry(new JarEntry("META-INF/beans.xml"));
            for (Path file : walk(classes)) {
                out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                Files.copy(file, out);
            }
        }
        return jar;
    }
}
