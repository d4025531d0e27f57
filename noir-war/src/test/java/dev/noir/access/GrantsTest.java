package dev.noir.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class GrantsTest {
    @Test
    void areNamedInTheSameOrderAlways() {
        Grants grants = Grants.of(List.of(Grant.SUBSCRIBE, Grant.JOIN)).with(Grant.PUBLISH_AUDIO);

        assertEquals(List.of("join", "publish.audio", "subscribe"), grants.wire());
        assertEquals(
                List.of("join", "subscribe"),
                grants.without(Grant.PUBLISH_AUDIO).wire());
    }

    @Test
    void aMemberMayAllButModerateAndAdminister() {
        assertTrue(Grants.MEMBER.has(Grant.PUBLISH_SCREEN));
        assertFalse(Grants.MEMBER.has(Grant.MODERATE));
        assertFalse(Grants.MEMBER.has(Grant.ADMINISTER));
    }

    @Test
    void everyGrantIsFoundByItsName() {
        for (Grant grant : Grant.values()) {
            assertEquals(Optional.of(grant), Grant.ofWire(grant.wire()));
        }
        assertEquals(Optional.empty(), Grant.ofWire("JOIN"));
    }
}
