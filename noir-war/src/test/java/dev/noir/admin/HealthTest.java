package dev.noir.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class HealthTest {

    @Test
    void isReadyOnlyWhileStartedAndEveryCheckHolds() {
        Health health = new Health();
        AtomicBoolean media = new AtomicBoolean(true);
        health.addCheck("media", media::get);
        assertFalse(health.ready().up());
        health.setStarted(true);
        assertTrue(health.ready().up());
        media.set(false);
        assertFalse(health.ready().up());
        assertEquals(
                List.of(new Health.Check("media", "DOWN", null)), health.ready().checks());
        assertTrue(health.live().up());
    }

    @Test
    void hasStartedOnceForAll() {
        Health health = new Health();
        assertFalse(health.started().up());
        health.setStarted(true);
        assertTrue(health.started().up());
        health.setStarted(false);
        assertTrue(health.started().up());
        assertFalse(health.ready().up());
    }

    @Test
    void saysWhyACheckDoesNotHold() {
        Health health = new Health();
        AtomicReference<Optional<String>> trouble = new AtomicReference<>(Optional.of("OOM"));
        health.addReason("cluster", trouble::get);
        health.setStarted(true);
        assertFalse(health.ready().up());
        assertEquals(
                List.of(new Health.Check("cluster", "DOWN", Map.of("reason", "OOM"))),
                health.ready().checks());
        trouble.set(Optional.empty());
        assertTrue(health.ready().up());
        assertEquals(
                List.of(new Health.Check("cluster", "UP", null)), health.ready().checks());
    }
}
