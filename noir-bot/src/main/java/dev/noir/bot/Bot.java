package dev.noir.bot;

/**
 * One participant of a room, for one stay in it. Made by a {@link BotKind}.
 *
 * <p>Thread: the bot's own, which is not always the same one, but never two at a time. It may wait, and then only this bot does;
 * what it has asked for with {@link Room#every} is then late. What it throws ends its stay, as failed.
 */
public interface Bot {
    /** It is in the room, and media can flow. The first call. */
    void joined(Room room) throws Exception;

    /** Somebody sends that. Nothing of it comes here before {@link Track#hear} or {@link Track#watch}, and costs nothing. */
    default void began(Track track) throws Exception {}

    /** It has been withdrawn, or its owner has left. */
    default void ended(Track track) throws Exception {}

    /** It is in the room no more, or has never come in. The last call, always; what is open may be closed here. */
    default void left() {}
}
