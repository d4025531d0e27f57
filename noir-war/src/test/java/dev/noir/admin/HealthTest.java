package dev.noir.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
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
        assertEquals(List.of(new Health.Check("media", "DOWN")), health.ready().checks());
        assertTrue(health.live().up());
    }
}
