package dev.noir.recording;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** The places of a part's tracks, counted from 0, and who has them. Thread: one at a time. */
final class Slots {
    private final List<Part.Slot> slots;
    private final boolean[] released;

    Slots(List<Part.Slot> slots) {
        this.slots = new ArrayList<>(slots);
        this.released = new boolean[slots.size()];
    }

    /** Whether a track of this kind has a place, or gets that of one like it that has been released. */
    boolean take(String track, MediaFormat format) {
        OptionalInt own = find(track);
        if (own.isPresent()) {
            return slots.get(own.getAsInt()).format().equals(format);
        }
        for (int i = 0; i < slots.size(); i++) {
            if (released[i] && slots.get(i).format().equals(format)) {
                slots.set(i, new Part.Slot(track, format));
                released[i] = false;
                return true;
            }
        }
        return false;
    }

    void release(String track) {
        find(track).ifPresent(place -> released[place] = true);
    }

    /** Where that track is; empty: nowhere. */
    OptionalInt find(String track) {
        for (int i = 0; i < slots.size(); i++) {
            if (slots.get(i).track().equals(track)) {
                return OptionalInt.of(i);
            }
        }
        return OptionalInt.empty();
    }
}
