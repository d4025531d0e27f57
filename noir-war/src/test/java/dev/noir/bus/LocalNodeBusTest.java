package dev.noir.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

final class LocalNodeBusTest extends NodeBusContract {
    private final LocalNodeBus.Shared shared = new LocalNodeBus.Shared();

    @Override
    protected NodeBus node(String name) {
        return new LocalNodeBus(name, shared, Runnable::run);
    }

    @Test
    void anInboxIsBounded() {
        Queue<Runnable> turns = new ArrayDeque<>();
        NodeBus slow = new LocalNodeBus("slow", shared, turns::add);
        NodeBus fast = new LocalNodeBus("fast", shared, Runnable::run);
        List<Envelope> received = listen(slow);
        listen(fast);
        for (int i = 0; i < LocalNodeBus.INBOX_LIMIT; i++) {
            assertTrue(fast.send(ping("fast", "slow", i)));
        }

        assertFalse(fast.send(ping("fast", "slow", -1)));
        while (!turns.isEmpty()) {
            turns.remove().run();
        }
        assertEquals(LocalNodeBus.INBOX_LIMIT, received.size());
        assertTrue(fast.send(ping("fast", "slow", -1)));
    }
}
