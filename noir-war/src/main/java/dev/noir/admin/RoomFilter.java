package dev.noir.admin;

import java.util.Locale;
import java.util.Optional;

/** Which rooms are meant; what is missing does not matter. */
public record RoomFilter(
        @Member("their names begin so") Optional<String> prefix,
        @Member("their titles have this in them, in capitals or not") Optional<String> title,
        @Member("hosted there") Optional<String> node,
        @Member("open, or laid down") Optional<RoomInfo.State> state,
        @Member("nobody comes in any more, or not so") Optional<Boolean> locked,
        @Member("channels, or no channels") Optional<Boolean> channel,
        @Member("at least so many are in") Optional<Integer> minPeers,
        @Member("at most so many are in") Optional<Integer> maxPeers) {
    static final RoomFilter ALL = new RoomFilter(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    boolean takes(RoomInfo room) {
        return prefix.map(room.room()::startsWith).orElse(true)
                && title.map(part -> lower(room.title()).contains(lower(part))).orElse(true)
                && (node.isEmpty() || node.equals(room.node()))
                && state.map(room.state()::equals).orElse(true)
                && locked.map(wanted -> wanted == room.locked()).orElse(true)
                && channel.map(wanted -> wanted == room.channel()).orElse(true)
                && minPeers.map(count -> room.peers() >= count).orElse(true)
                && maxPeers.map(count -> room.peers() <= count).orElse(true);
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /** Whether one that nobody is in could be among them. */
    boolean takesPlanned() {
        return node.isEmpty() && !state.equals(Optional.of(RoomInfo.State.OPEN));
    }
}
