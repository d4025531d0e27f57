package dev.noir.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.access.Caller;
import dev.noir.access.Entrance;
import dev.noir.access.Grant;
import dev.noir.access.Grants;
import dev.noir.access.RoomFacts;
import dev.noir.access.RuledEntrance;
import dev.noir.config.NoirConfig;
import dev.noir.room.FakeScheduler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PolicyWatchTest {
    @TempDir
    private Path directory;

    private final FakeScheduler scheduler = new FakeScheduler();

    @Test
    void byDefaultEverybodyIsAMember() {
        PolicyWatch watch = watch(Map.of());

        assertEquals(Grants.MEMBER, grants(watch, Caller.ANONYMOUS));
        assertEquals(Grants.MEMBER.with(Grant.MODERATE), grants(watch, ann("noir-moderator")));
        assertTrue(grants(watch, ann("noir-admin")).has(Grant.ADMINISTER));
        assertTrue(watch.get().administers(ann("noir-admin")));
        assertFalse(watch.get().administers(ann("noir-moderator")));
        assertEquals(Set.of("noir-moderator", "noir-admin"), watch.get().roleNames());
    }

    @Test
    void screensAndMessagesAreAsPublishingUnlessSaidOtherwise() {
        PolicyWatch watch = watch(Map.of("noir.auth.roles.publish", "sender", "noir.auth.roles.publish-data", "**"));

        assertEquals(Grants.MEMBER, grants(watch, ann("sender")));
        assertEquals(
                Set.of(Grant.JOIN, Grant.SUBSCRIBE, Grant.PUBLISH_DATA),
                grants(watch, ann("other")).all());
    }

    @Test
    void aChangedFileIsInForceWithinFiveSecondsUntilClosed() throws IOException {
        Path file = write("[r]\nsubscribe = -");
        PolicyWatch watch = watch(Map.of("noir.access.policy", file.toString()));
        assertFalse(grants(watch, ann("x")).has(Grant.SUBSCRIBE));

        write("[r]\nsubscribe = *");
        scheduler.advance(Duration.ofSeconds(2));
        assertFalse(grants(watch, ann("x")).has(Grant.SUBSCRIBE), "it has been seen once");
        scheduler.advance(Duration.ofSeconds(3));
        assertTrue(grants(watch, ann("x")).has(Grant.SUBSCRIBE));

        write("broken");
        scheduler.advance(Duration.ofSeconds(5));
        assertTrue(grants(watch, ann("x")).has(Grant.SUBSCRIBE));

        write("[r]\nsubscribe = -");
        watch.close();
        scheduler.advance(Duration.ofSeconds(60));
        assertTrue(grants(watch, ann("x")).has(Grant.SUBSCRIBE));
    }

    @Test
    void whereNoThreadIsFreeItIsLookedAtLater() throws IOException {
        Path file = write("[r]\nsubscribe = -");
        AtomicBoolean busy = new AtomicBoolean(true);
        NoirConfig config = NoirConfig.load(
                key -> key.equals("noir.access.policy") ? Optional.of(file.toString()) : Optional.empty());
        PolicyWatch watch = new PolicyWatch(config.access(), scheduler, task -> {
            if (busy.get()) {
                throw new RejectedExecutionException("busy");
            }
            task.run();
        });
        write("[r]\nsubscribe = *");
        scheduler.advance(Duration.ofSeconds(10));
        busy.set(false);
        scheduler.advance(Duration.ofSeconds(5));

        assertTrue(grants(watch, ann("x")).has(Grant.SUBSCRIBE));
        watch.close();
    }

    @Test
    void aBrokenFileStopsTheStart() throws IOException {
        Path file = write("[r]\nsubscribes = *");

        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> watch(Map.of("noir.access.policy", file.toString())));
        assertEquals("noir.access.policy: " + file + ", line 2: subscribes is no key of a policy", e.getMessage());
    }

    private PolicyWatch watch(Map<String, String> settings) {
        Map<String, String> set = new HashMap<>(settings);
        NoirConfig config = NoirConfig.load(key -> Optional.ofNullable(set.get(key)));
        return new PolicyWatch(config.access(), scheduler, Runnable::run);
    }

    private Path write(String text) throws IOException {
        return Files.writeString(directory.resolve("policy"), text);
    }

    private static Caller ann(String role) {
        return new Caller("ann", Set.of(role), Caller.Means.CONTAINER, "");
    }

    private static Grants grants(PolicyWatch watch, Caller caller) {
        return ((Entrance.Granted) new RuledEntrance(watch, false).admit(caller, "r", RoomFacts.FRESH, Set.of()))
                .grants();
    }
}
