package dev.noir.room;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The rooms hosted here, each with the number of peers and joins that need it: the first makes the slot, after the last one
 * it goes. Nothing here blocks. Thread: any.
 */
final class RoomRegistry {
    private record Entry(RoomSlot slot, int users) {}

    // Given.
    private final Function<RoomId, RoomSlot> maker;

    // The map's own per-key lock makes counting and making one step.
    private final ConcurrentHashMap<RoomId, Entry> slots = new ConcurrentHashMap<>();

    RoomRegistry(Function<RoomId, RoomSlot> maker) {
        this.maker = maker;
    }

    /** The room's slot with one more user; null when there is none and none may be made. */
    @Nullable
    RoomSlot acquire(RoomId id, boolean mayMake) {
        Entry acquired = slots.compute(id, (key, entry) -> {
            if (entry == null) {
                return mayMake ? new Entry(maker.apply(key), 1) : null;
            }
            return new Entry(entry.slot, entry.users + 1);
        });
        return acquired == null ? null : acquired.slot;
    }

    void release(RoomSlot slot) {
        Entry left = slots.computeIfPresent(slot.id(), (key, entry) -> new Entry(entry.slot, entry.users - 1));
        if (left != null && left.users == 0) {
            slot.execute(() -> closeUnused(slot));
        }
    }

    private void closeUnused(RoomSlot slot) {
        if (users(slot) > 0) {
            return;
        }
        // Whoever comes now waits for this task and finds the slot closed, which opens it again.
        slot.close();
        slots.computeIfPresent(slot.id(), (key, entry) -> entry.slot == slot && entry.users == 0 ? null : entry);
    }

    private int users(RoomSlot slot) {
        Entry entry = slots.get(slot.id());
        return entry == null || entry.slot != slot ? 0 : entry.users;
    }

    @Nullable
    RoomSlot find(RoomId id) {
        Entry entry = slots.get(id);
        return entry == null ? null : entry.slot;
    }

    List<RoomSlot> slots() {
        return slots.values().stream().map(Entry::slot).toList();
    }

    int size() {
        return slots.size();
    }
}
