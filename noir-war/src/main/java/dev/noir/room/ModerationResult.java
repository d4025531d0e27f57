package dev.noir.room;

/** What a {@link ModerationCommand} has led to. */
public sealed interface ModerationResult permits ModerationResult.Done, ModerationResult.Banned, RoomReport {
    /** It is in force. */
    record Done() implements ModerationResult {}

    /** @param id by which the ban can be lifted */
    record Banned(String id) implements ModerationResult {}
}
