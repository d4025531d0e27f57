package dev.noir.signal;

import dev.noir.access.Password;
import dev.noir.room.JoinConfig;
import dev.noir.room.RoomId;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a client has asked for that wants to join.
 *
 * @param uid empty: any
 * @param password its own; without one that of the connection's address counts
 * @param resume the secret of another join under this name
 */
public record JoinWish(RoomId room, String uid, String offer, JoinConfig config, Password password, Password resume) {

    /** Of those members that are set, in both spellings: ion's Go names in any case, and the snake case of its gRPC clients. */
    public static JoinConfig config(Stream<String> set) {
        Set<String> words =
                set.map(key -> key.replace("_", "").toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
        return new JoinConfig(
                words.contains("nopublish"),
                words.contains("nosubscribe"),
                words.contains("noautosubscribe"),
                words.contains("trackevents"));
    }
}
