package dev.noir.webhook;

import dev.noir.room.RoomId;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** In memory, for a node alone. Thread: any. */
public final class MemoryWebhookStore implements WebhookStore {
    private final Map<String, Map<RoomId, Position>> positions = new ConcurrentHashMap<>();
    private final Set<String> gone = ConcurrentHashMap.newKeySet();

    @Override
    public boolean lead() {
        return true;
    }

    @Override
    public void resign() {}

    @Override
    public Registration register(String webhook) {
        return new Registration(Instant.EPOCH, gone.contains(webhook));
    }

    @Override
    public Map<RoomId, Position> positions(String webhook) {
        return Map.copyOf(of(webhook));
    }

    private Map<RoomId, Position> of(String webhook) {
        return positions.computeIfAbsent(webhook, id -> new ConcurrentHashMap<>());
    }

    @Override
    public boolean advance(String webhook, RoomId room, Position position) {
        of(webhook).put(room, position);
        return true;
    }

    @Override
    public void forget(String webhook, RoomId room) {
        of(webhook).remove(room);
    }

    @Override
    public void disable(String webhook) {
        gone.add(webhook);
    }
}
