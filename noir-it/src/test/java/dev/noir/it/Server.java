package dev.noir.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** The servers that noiR runs on, and which of them a run of the tests is about. */
enum Server {
    TOMCAT_10("noir.it.tomcat10"),
    TOMCAT_11("noir.it.tomcat11"),
    WILDFLY("noir.it.wildfly"),
    JETTY("noir.it.jetty"),
    LIBERTY("noir.it.liberty"),
    PAYARA_6("noir.it.payara6"),
    PAYARA_7("noir.it.payara7"),
    PAYARA_MICRO_6("noir.it.payara-micro6"),
    PAYARA_MICRO_7("noir.it.payara-micro7");

    private static final int NEWER_JAVA = 21;

    private final String property;

    Server(String property) {
        this.property = property;
    }

    /** With nothing deployed, but see {@link #isMicro}. */
    AppServer start() throws Exception {
        Distribution distribution = Distribution.of(property);
        return switch (this) {
            case TOMCAT_10, TOMCAT_11 -> TomcatProcess.start(distribution);
            case WILDFLY -> WildflyProcess.start(distribution);
            case JETTY -> JettyProcess.start(distribution);
            case LIBERTY -> LibertyProcess.start(distribution);
            case PAYARA_6 -> PayaraProcess.start(distribution, sameJava());
            case PAYARA_7 -> PayaraProcess.start(distribution, newerJava());
            case PAYARA_MICRO_6 -> PayaraMicroProcess.start(distribution, sameJava());
            case PAYARA_MICRO_7 -> PayaraMicroProcess.start(distribution, newerJava());
        };
    }

    /** Those that a test is for in every run, or those of {@code ./noir test servers NAME…}; {@code all} are all. */
    static Stream<Server> chosen(List<Server> inEveryRun) {
        String names = System.getProperty("noir.it.servers", "");
        if (names.isEmpty()) {
            return inEveryRun.stream();
        }
        List<String> wanted = List.of(names.toLowerCase(Locale.ROOT).split(",", -1));
        return Arrays.stream(values())
                .filter(server -> wanted.contains("all") || wanted.stream().anyMatch(server.label()::startsWith));
    }

    /** Attacks that take long are made on these: those that say when a client does not take what it is sent, as Payara does not. */
    boolean isAttackedInFull() {
        return this == TOMCAT_11 || this == WILDFLY;
    }

    /** It has noiR from its start to its end, and is never without. */
    boolean isMicro() {
        return this == PAYARA_MICRO_6 || this == PAYARA_MICRO_7;
    }

    private static Path sameJava() {
        return Path.of(System.getProperty("java.home"));
    }

    /** Payara 7 does not run on 17. */
    private static Path newerJava() throws IOException {
        List<Path> candidates = new ArrayList<>();
        String told = System.getenv("NOIR_TEST_JAVA21");
        if (told != null) {
            candidates.add(Path.of(told));
        }
        try (Stream<Path> installed = Files.list(Path.of("/usr/lib/jvm"))) {
            installed.sorted(Comparator.reverseOrder()).forEach(candidates::add);
        }
        for (Path home : candidates) {
            if (Files.exists(home.resolve("release")) && version(home) >= NEWER_JAVA) {
                return home;
            }
        }
        return Assumptions.abort("needs a JDK of version 21 or newer: set NOIR_TEST_JAVA21 to its directory");
    }

    private static int version(Path javaHome) throws IOException {
        Matcher version =
                Pattern.compile("JAVA_VERSION=\"(\\d+)").matcher(Files.readString(javaHome.resolve("release")));
        return version.find() ? Integer.parseInt(version.group(1)) : 0;
    }

    /** As people say it: {@code tomcat-10}. */
    private String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public String toString() {
        return label();
    }
}
