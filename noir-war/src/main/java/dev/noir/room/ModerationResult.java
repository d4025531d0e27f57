package dev.noir.room;

import java.util.Map;

/** What a {@link ModerationCommand} has led to. */
public sealed interface ModerationResult
        permits ModerationResult.Done,
                ModerationResult.Banned,
                ModerationResult.Explained,
                RoomReport,
                RoomDescription {
    /** It is in force. */
    record Done() implements ModerationResult {}

    /** @param id by which the ban can be lifted */
    record Banned(String id) implements ModerationResult {}

    /** @param tree members by name, as docs/protocol.md says: numbers, texts, flags, and maps and lists of such */
    record Explained(Map<String, ?> tree) implements ModerationResult {}
}
