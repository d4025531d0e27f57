package dev.noir.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.room.RoomId;
import dev.noir.webhook.WebhookStore.Position;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the store of a cluster does. */
public abstract class WebhookStoreContract {
    private static final RoomId ROOM = new RoomId("a {room} 1%");
    private static final Position FIRST = new Position(1, Instant.ofEpochMilli(1234));
    private static final Position SECOND = new Position(2, Instant.ofEpochMilli(1235));

    protected abstract WebhookStore store(String node);

    /** As if who delivers had died a while ago. */
    protected abstract void forgetLead();

    @Test
    void oneNodeDelivers() {
        assertTrue(store("a").lead());
        assertTrue(store("a").lead());
        assertFalse(store("b").lead());
        store("b").resign();
        assertFalse(store("b").lead());
        store("a").resign();
        assertTrue(store("b").lead());
    }

    @Test
    void whoDeliversNoLongerMovesNothing() {
        assertTrue(store("a").lead());
        assertTrue(store("a").advance("w", ROOM, FIRST));
        forgetLead();
        assertFalse(store("a").advance("w", ROOM, SECOND));
        assertTrue(store("b").lead());
        assertFalse(store("a").advance("w", ROOM, SECOND));

        assertEquals(Map.of(ROOM, FIRST), store("b").positions("w"));
        assertTrue(store("b").advance("w", ROOM, SECOND));
        assertEquals(Map.of(ROOM, SECOND), store("a").positions("w"));
        assertEquals(Map.of(), store("a").positions("another"));
        store("b").forget("w", ROOM);
        assertEquals(Map.of(), store("a").positions("w"));
    }

    @Test
    void itIsKnownSinceWhenAWebhookIsThereAndThatItIsGone() {
        WebhookStore.Registration first = store("a").register("w");
        assertFalse(first.gone());
        assertEquals(first, store("b").register("w"));
        store("b").disable("w");
        store("b").disable("w");

        assertEquals(
                new WebhookStore.Registration(first.since(), true), store("a").register("w"));
        assertFalse(store("a").register("another").gone());
    }
}
