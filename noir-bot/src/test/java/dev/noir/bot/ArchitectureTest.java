package dev.noir.bot;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Instant;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** Which package may use which; docs/bots.md says so, too. */
final class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.noir.bot");

    @Test
    void noCycles() {
        slices().matching("dev.noir.bot.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    /** Other people's code is compiled against it. */
    @Test
    void theOpenPartKnowsOnlyJava() {
        classes()
                .that()
                .resideInAPackage("dev.noir.bot")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "org.jspecify..", "dev.noir.bot")
                .check(CLASSES);
    }

    /** So that everybody can build the like. */
    @Test
    void botsThatComeWithItKnowTheOpenPartAlone() {
        classes()
                .that()
                .resideInAPackage("dev.noir.bot.announce..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "org.jspecify..", "dev.noir.bot", "dev.noir.bot.announce")
                .check(CLASSES);
    }

    @Test
    void onlyRtcKnowsTheBindingOfLibwebrtc() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.noir.bot.rtc..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.onvoid..")
                .check(CLASSES);
    }

    @Test
    void onlySignalKnowsWebSocket() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.noir.bot.signal..")
                .should()
                .dependOnClassesThat()
                .haveNameMatching("java\\.net\\.http\\.WebSocket.*")
                .check(CLASSES);
    }

    @Test
    void onlyBootMakesThreadsAndReadsClocks() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.noir.bot.boot..")
                .should()
                .callCodeUnitWhere(
                        DescribedPredicate.<JavaCall<?>>describe("a thread is made", ArchitectureTest::makesThreads))
                .orShould()
                .callMethodWhere(
                        DescribedPredicate.<JavaCall<?>>describe("a clock is read", ArchitectureTest::readsClock))
                .check(CLASSES);
    }

    private static boolean makesThreads(JavaCall<?> call) {
        return call.getTargetOwner().isEquivalentTo(Executors.class)
                || (call.getName().equals("<init>") && call.getTargetOwner().isAssignableTo(Thread.class));
    }

    private static boolean readsClock(JavaCall<?> call) {
        boolean system = call.getTargetOwner().isEquivalentTo(System.class)
                && (call.getName().equals("currentTimeMillis") || call.getName().equals("nanoTime"));
        return system
                || (call.getTargetOwner().isEquivalentTo(Instant.class)
                        && call.getName().equals("now"));
    }
}
