package dev.noir;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.Timer;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadPoolExecutor;
import org.junit.jupiter.api.Test;

/** Which package may use which; docs/architecture.md draws it. */
final class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.noir");

    private static final List<String> LAYERS = List.of(
            "config",
            "sdp",
            "media",
            "access",
            "event",
            "flight",
            "trace",
            "room",
            "eventlog",
            "history",
            "recording",
            "playing",
            "restreaming",
            "bots",
            "webhook",
            "protocol",
            "grpc",
            "signal",
            "route",
            "bus",
            "lease",
            "redis",
            "sfu",
            "auth",
            "admin",
            "web",
            "whip",
            "job",
            "boot");

    private static final Set<String> JEDIS_CLASSES = Set.of(
            "ClientSetInfoConfig",
            "CommandArguments",
            "Connection",
            "DefaultJedisClientConfig",
            "Builder", // Of the one above.
            "DefaultJedisSocketFactory",
            "HostAndPort",
            "JedisClientConfig",
            "JedisClusterCRC16",
            "Command", // Of Protocol.
            "ProtocolCommand",
            "RedisProtocol");

    @Test
    void dependenciesPointTowardsTheRoom() {
        layers().whereLayer("boot")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("signal")
                .mayOnlyBeAccessedByLayers("grpc", "whip", "boot", "job")
                .whereLayer("grpc")
                .mayOnlyBeAccessedByLayers("boot")
                .whereLayer("protocol")
                .mayOnlyBeAccessedByLayers("grpc", "signal", "route", "admin", "whip", "boot")
                .whereLayer("route")
                .mayOnlyBeAccessedByLayers("boot")
                .whereLayer("redis")
                .mayOnlyBeAccessedByLayers("boot")
                .whereLayer("bus")
                .mayOnlyBeAccessedByLayers("route", "redis", "boot")
                .whereLayer("lease")
                .mayOnlyBeAccessedByLayers("route", "redis", "boot")
                .whereLayer("eventlog")
                .mayOnlyBeAccessedByLayers("webhook", "redis", "admin", "boot")
                .whereLayer("history")
                .mayOnlyBeAccessedByLayers("admin", "boot")
                .whereLayer("webhook")
                .mayOnlyBeAccessedByLayers("redis", "boot")
                .whereLayer("sfu")
                .mayOnlyBeAccessedByLayers("boot")
                .whereLayer("admin")
                .mayOnlyBeAccessedByLayers("grpc", "boot")
                .whereLayer("job")
                .mayOnlyBeAccessedByLayers("boot")
                .whereLayer("config")
                .mayOnlyBeAccessedByLayers("boot")
                .whereLayer("media")
                .mayOnlyBeAccessedByLayers("sfu", "boot")
                .whereLayer("room")
                .mayOnlyBeAccessedByLayers(
                        "eventlog",
                        "history",
                        "recording",
                        "playing",
                        "restreaming",
                        "bots",
                        "webhook",
                        "protocol",
                        "grpc",
                        "signal",
                        "route",
                        "bus",
                        "lease",
                        "redis",
                        "sfu",
                        "auth",
                        "admin",
                        "whip",
                        "job",
                        "boot")
                .whereLayer("sdp")
                .mayOnlyBeAccessedByLayers("room", "sfu", "whip", "recording", "playing", "restreaming", "boot")
                .check(CLASSES);
    }

    @Test
    void filesOfMediaAreForCommandsAlone() {
        layers().whereLayer("recording")
                .mayOnlyBeAccessedByLayers("admin", "restreaming", "boot")
                .whereLayer("restreaming")
                .mayOnlyBeAccessedByLayers("admin", "boot")
                .whereLayer("playing")
                .mayOnlyBeAccessedByLayers("admin", "boot")
                .whereLayer("bots")
                .mayOnlyBeAccessedByLayers("admin", "boot")
                .check(CLASSES);
    }

    @Test
    void nobodyNeedsWhatStandsBeforeHttp() {
        layers().whereLayer("web")
                .mayOnlyBeAccessedByLayers("boot")
                .whereLayer("auth")
                .mayOnlyBeAccessedByLayers("boot")
                .whereLayer("whip")
                .mayOnlyBeAccessedByLayers("boot")
                .check(CLASSES);
    }

    /** Each named as its package. */
    private static LayeredArchitecture layers() {
        LayeredArchitecture layers =
                layeredArchitecture().consideringOnlyDependenciesInLayers().withOptionalLayers(true);
        for (String name : LAYERS) {
            layers = layers.layer(name).definedBy("dev.noir." + name + "..");
        }
        return layers;
    }

    @Test
    void noCycles() {
        slices().matching("dev.noir.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void roomKnowsOnlyJavaAccessEventsAndSdp() {
        classes()
                .that()
                .resideInAPackage("dev.noir.room..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "org.jspecify..",
                        "dev.noir.access..",
                        "dev.noir.event..",
                        "dev.noir.room..",
                        "dev.noir.sdp..")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    /** Other people's code is compiled against it. */
    @Test
    void eventKnowsOnlyJava() {
        classes()
                .that()
                .resideInAPackage("dev.noir.event..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "org.jspecify..", "dev.noir.event..")
                .check(CLASSES);
    }

    @Test
    void accessKnowsOnlyJava() {
        classes()
                .that()
                .resideInAPackage("dev.noir.access..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "javax.crypto..", "org.jspecify..", "dev.noir.access..")
                .check(CLASSES);
    }

    @Test
    void sdpKnowsOnlyJava() {
        classes()
                .that()
                .resideInAPackage("dev.noir.sdp..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "org.jspecify..", "dev.noir.sdp..")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void mediaKnowsOnlyJava() {
        classes()
                .that()
                .resideInAPackage("dev.noir.media..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "org.jspecify..", "dev.noir.media..")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void busAndLeaseKnowOnlyJavaAndTheRoom() {
        for (String name : List.of("dev.noir.bus..", "dev.noir.lease..")) {
            classes()
                    .that()
                    .resideInAPackage(name)
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage("java..", "javax.crypto..", "org.jspecify..", "dev.noir.room..", name)
                    .check(CLASSES);
        }
    }

    @Test
    void configKnowsOnlyJava() {
        classes()
                .that()
                .resideInAPackage("dev.noir.config..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "org.jspecify..", "dev.noir.config..")
                .check(CLASSES);
    }

    @Test
    void onlySignalKnowsWebSocket() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.noir.signal..", "dev.noir.job..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jakarta.websocket..")
                .check(CLASSES);
    }

    @Test
    void onlyGrpcKnowsItsLibrary() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.noir.grpc..", "dev.noir.proto..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.grpc..", "com.google.protobuf..", "dev.noir.proto..")
                .check(CLASSES);
    }

    @Test
    void onlyAdminKnowsThePrometheusLibrary() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.noir.admin..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.prometheus..")
                .check(CLASSES);
    }

    @Test
    void onlyBootKnowsWhoWatches() {
        layers().whereLayer("flight")
                .mayOnlyBeAccessedByLayers("boot")
                .whereLayer("trace")
                .mayOnlyBeAccessedByLayers("boot")
                .check(CLASSES);
    }

    /** So that it can do without where there is none. */
    @Test
    void onlyFlightKnowsTheRecorder() {
        classes()
                .that()
                .resideInAPackage("dev.noir.flight..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "jdk.jfr..", "org.jspecify..", "dev.noir.flight..")
                .check(CLASSES);
    }

    @Test
    void onlyTraceKnowsOpenTelemetry() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.noir.trace..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.opentelemetry..")
                .check(CLASSES);
    }

    @Test
    void onlyRedisKnowsJedis() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.noir.redis..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("redis.clients..")
                .check(CLASSES);
    }

    /** The rest of Jedis needs libraries that are not in the WAR: ADR 11. */
    @Test
    void ofJedisOnlyConnectionsAreUsed() {
        noClasses()
                .should()
                .dependOnClassesThat(DescribedPredicate.<JavaClass>describe(
                        "belong to the rest of Jedis",
                        type -> type.getPackageName().startsWith("redis.clients")
                                && !JEDIS_CLASSES.contains(type.getSimpleName())
                                && !type.getPackageName().endsWith(".exceptions")))
                .check(CLASSES);
    }

    @Test
    void onlyTheLauncherKnowsTomcat() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.noir.boot.launch..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.catalina..", "org.apache.tomcat..")
                .check(CLASSES);
    }

    /** Servers with modules, such as WildFly, show applications nothing else of the JDK. */
    @Test
    void ofTheJdkOnlyJavaSeIsNamed() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.noir.flight..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.sun..", "sun..", "jdk..")
                .check(CLASSES);
    }

    @Test
    void nativeMethodsStandInOneClass() {
        methods()
                .that()
                .haveModifier(JavaModifier.NATIVE)
                .should()
                .beDeclaredInClassesThat()
                .haveFullyQualifiedName("dev.noir.media.Native")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void onlyBootMakesThreads() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.noir.boot..")
                .should()
                .callCodeUnitWhere(DescribedPredicate.<JavaCall<?>>describe(
                        "a thread or a pool is made", call -> call.getName().equals("<init>") && isThreadMaker(call)))
                .orShould()
                .callMethodWhere(DescribedPredicate.<JavaCall<?>>describe(
                        "a pool is made", call -> call.getTargetOwner().isEquivalentTo(Executors.class)))
                .check(CLASSES);
    }

    @Test
    void onlyBootReadsClocks() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.noir.boot..")
                .should()
                .callMethodWhere(
                        DescribedPredicate.<JavaCall<?>>describe("a clock is read", ArchitectureTest::readsClock))
                .check(CLASSES);
    }

    private static boolean isThreadMaker(JavaCall<?> call) {
        JavaClass owner = call.getTargetOwner();
        return owner.isAssignableTo(Thread.class)
                || owner.isAssignableTo(ThreadPoolExecutor.class)
                || owner.isAssignableTo(ForkJoinPool.class)
                || owner.isAssignableTo(Timer.class);
    }

    private static boolean readsClock(JavaCall<?> call) {
        JavaClass owner = call.getTargetOwner();
        String name = call.getName();
        boolean system =
                owner.isEquivalentTo(System.class) && (name.equals("currentTimeMillis") || name.equals("nanoTime"));
        boolean instant = owner.isEquivalentTo(Instant.class)
                && name.equals("now")
                && call.getTarget().getRawParameterTypes().isEmpty();
        boolean clock = owner.isEquivalentTo(Clock.class) && name.startsWith("system");
        return system || instant || clock;
    }
}
