package dev.noir.boot.launch;

import dev.noir.config.ConfigException;
import dev.noir.config.NoirConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.logging.LogManager;
import org.jspecify.annotations.Nullable;

/** {@code java -jar noir.war}. */
public final class Main {
    private static final PrintStream OUT = System.out;

    // An address may have as many connections for pages as it may have sockets.
    private static final int CONNECTIONS_PER_SOCKET = 2;

    private Main() {}

    public static void main(String[] arguments) {
        try {
            LaunchOptions options = LaunchOptions.parse(List.of(arguments));
            if (options.help()) {
                OUT.print(LaunchOptions.USAGE);
            } else if (options.version()) {
                OUT.println("noiR " + version());
            } else if (options.password()) {
                OUT.println(PasswordPrompt.hash());
            } else {
                run(options);
            }
        } catch (LaunchException | ConfigException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private static void run(LaunchOptions options) {
        Instant begin = Instant.now();
        options.properties().forEach(System::setProperty);
        options.configFile().ifPresent(file -> applyFile(Path.of(file)));
        configureLogging();
        NoirConfig config = NoirConfig.load(Main::setting);
        config.httpPorts().forEach(Main::checkFree);
        config.ports().health().ifPresent(Main::checkFree);

        // MediaModule asks for it: our Tomcat hands connections over, an application server does not.
        System.setProperty("dev.noir.launched", "true");
        UnpackedWar war = UnpackedWar.unpack(self());
        CountDownLatch stopped = new CountDownLatch(1);
        AutoCloseable[] server = new AutoCloseable[1];
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server[0], war, stopped), "noir-stop"));

        List<Integer> ports = start(war, config, server);
        String encrypted = config.tls().files().isEmpty() ? "" : "s";
        OUT.printf(Locale.ROOT, "noiR %s is ready after %d ms%n", version(), sinceMillis(begin));
        OUT.printf(
                Locale.ROOT,
                "  pages       http%s://localhost:%d/%n",
                encrypted,
                ports.get(config.httpPorts().size() - 1));
        OUT.printf(Locale.ROOT, "  signalling  ws%s://localhost:%d/ws%n", encrypted, ports.get(0));
        if (config.ports().management().isPresent()) {
            OUT.printf(
                    Locale.ROOT,
                    "  management  http%s://localhost:%d/admin/%n",
                    encrypted,
                    config.ports().management().getAsInt());
        }
        if (config.ports().health().isPresent()) {
            OUT.printf(Locale.ROOT, "  health      http://localhost:%d/health/ready%n", ports.get(ports.size() - 1));
        }
        OUT.flush();
        awaitStop(stopped);
    }

    /** Tomcat's relative paths begin at a directory of its own. */
    private static List<String> absolute(List<String> files) {
        for (String file : files) {
            if (!Files.isReadable(Path.of(file))) {
                throw new LaunchException("Cannot read " + file + " (noir.http.certificate, noir.http.key)");
            }
        }
        return files.stream()
                .map(file -> Path.of(file).toAbsolutePath().toString())
                .toList();
    }

    private static List<Integer> start(UnpackedWar war, NoirConfig config, @Nullable AutoCloseable[] server) {
        List<URL> urls = new ArrayList<>(war.serverJars());
        urls.add(UnpackedWar.url(self()));
        // The parent is the JDK alone, so that this loader's EmbeddedTomcat sees Tomcat and not the other way round.
        ClassLoader loader =
                new URLClassLoader("noir-tomcat", urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
        Thread.currentThread().setContextClassLoader(loader);
        try {
            Object tomcat = Class.forName("dev.noir.boot.launch.EmbeddedTomcat", true, loader)
                    .getConstructor(
                            Path.class,
                            Path.class,
                            List.class,
                            OptionalInt.class,
                            OptionalInt.class,
                            int.class,
                            List.class,
                            List.class)
                    .newInstance(
                            war.webapp(),
                            war.work(),
                            config.httpPorts(),
                            config.ports().health(),
                            config.ports().management(),
                            CONNECTIONS_PER_SOCKET * config.strangers().limit("sockets-per-address"),
                            config.strangers().trustedProxies(),
                            absolute(config.tls().files()));
            server[0] = (AutoCloseable) tomcat;
            @SuppressWarnings("unchecked")
            Callable<List<Integer>> started = (Callable<List<Integer>>) tomcat;
            return started.call();
        } catch (InvocationTargetException e) {
            throw new LaunchException("Tomcat did not start: " + e.getCause(), e);
        } catch (Exception e) {
            Throwable root = e;
            while (root.getCause() != null) {
                root = root.getCause();
            }
            root.printStackTrace();
            throw new LaunchException("noiR did not start: " + root.getMessage(), e);
        }
    }

    /** Thread: the JVM's shutdown hook, after SIGTERM, SIGINT or exit. */
    private static void stop(@Nullable AutoCloseable server, UnpackedWar war, CountDownLatch stopped) {
        try (war) {
            if (server != null) {
                server.close();
            }
        } catch (Exception e) {
            System.err.println("noiR did not stop cleanly: " + e);
        }
        OUT.println("noiR has stopped");
        stopped.countDown();
    }

    private static void awaitStop(CountDownLatch stopped) {
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Tomcat's own message names neither the port nor what to do. */
    private static void checkFree(int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(port));
        } catch (IOException e) {
            throw new LaunchException(
                    "HTTP port " + port + " cannot be opened (" + e.getMessage()
                            + "). Stop what uses it, or choose others: -Dnoir.http.ports=8000,8001,8070",
                    e);
        }
    }

    private static void applyFile(Path file) {
        Properties properties = new Properties();
        try (InputStream in = Files.newInputStream(file)) {
            properties.load(in);
        } catch (IOException | IllegalArgumentException e) {
            throw new LaunchException("Cannot read the settings in " + file + ": " + e, e);
        }
        for (String key : properties.stringPropertyNames()) {
            if (setting(key).isEmpty()) {
                System.setProperty(key, properties.getProperty(key));
            }
        }
    }

    /** System property, then environment: the order of MicroProfile Config, which the application itself uses. */
    private static Optional<String> setting(String key) {
        String environmentKey = key.replaceAll("[^A-Za-z0-9]", "_");
        return Optional.ofNullable(System.getProperty(key))
                .or(() -> Optional.ofNullable(System.getenv(environmentKey)))
                .or(() -> Optional.ofNullable(System.getenv(environmentKey.toUpperCase(Locale.ROOT))));
    }

    private static void configureLogging() {
        if (System.getProperty("java.util.logging.config.file") != null) {
            return;
        }
        // Tomcat's logging puts another formatter in the place of ours unless it is told.
        System.setProperty("org.apache.juli.formatter", LineFormatter.class.getName());
        try (InputStream in = Main.class.getResourceAsStream("logging.properties")) {
            LogManager.getLogManager().readConfiguration(in);
        } catch (IOException e) {
            throw new LaunchException("Cannot configure logging: " + e, e);
        }
    }

    private static Path self() {
        try {
            return Path.of(Main.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new LaunchException("Cannot find the WAR itself: " + e, e);
        }
    }

    private static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    private static long sinceMillis(Instant begin) {
        return Duration.between(begin, Instant.now()).toMillis();
    }
}
