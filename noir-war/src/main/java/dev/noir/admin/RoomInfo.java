package dev.noir.admin;

import dev.noir.access.OwnPolicy;
import dev.noir.access.Pass;
import dev.noir.room.RoomDescription;
import dev.noir.room.RoomId;
import dev.noir.room.RoomOptions;
import java.util.Optional;

/** A room, open or laid down. */
public record RoomInfo(
        @Member("its name, the sid of clients") String room,
        @Member("open: somebody is in it, or about to be; planned: it is laid down") State state,
        @Member("that hosts it, when it is open") Optional<String> node,
        @Member("for people") String title,
        @Member("at the same time") int maxPeers,
        @Member("peers that send media at the same time; 0: all may") int maxPublishers,
        @Member("after which it is ended with everybody in it; 0: it lives until it is empty") long maxAgeSeconds,
        @Member("how long after such an end its name stays refused") long reserveSeconds,
        @Member("one peer at a time sends, at most one audio and one video track") boolean channel,
        @Member("a password of its own is asked for at the door") boolean joinPassword,
        @Member("a password of its own is asked for before somebody may send") boolean publishPassword,
        @Member(
                        value = "of its own: who may do what, in lines as of a policy file's section; missing: none",
                        max = OwnPolicy.MAX_LENGTH)
                Optional<String> policy,
        @Member("recorded from its first peer on; missing: as the server does with rooms of that name")
                Optional<Boolean> record,
        @Member("nobody comes in any more") boolean locked,
        @Member("who comes in waits") boolean lobby,
        @Member("what is said and shown is recorded") boolean recorded,
        @Member("in it now") int peers,
        @Member("of them that send media") int publishers,
        @Member("of them that want media") int subscribers,
        @Member("when its host opened it, in ms since 1970") Optional<Long> opened) {
    /** Whether somebody can be in it. */
    public enum State {
        OPEN,
        PLANNED
    }

    static RoomInfo open(RoomDescription room) {
        return of(
                room.counts().room(),
                State.OPEN,
                room.options(),
                room.passwords().contains(Pass.JOIN),
                room.passwords().contains(Pass.PUBLISH),
                Optional.of(room));
    }

    static RoomInfo planned(RoomId room, RoomOptions options) {
        return of(
                room,
                State.PLANNED,
                options,
                options.passwords().passes().contains(Pass.JOIN),
                options.passwords().passes().contains(Pass.PUBLISH),
                Optional.empty());
    }

    private static RoomInfo of(
            RoomId room,
            State state,
            RoomOptions options,
            boolean joinPassword,
            boolean publishPassword,
            Optional<RoomDescription> open) {
        return new RoomInfo(
                room.value(),
                state,
                open.map(RoomDescription::node),
                options.title(),
                options.maxPeers(),
                options.maxPublishers(),
                options.maxAge().toSeconds(),
                options.reserve().toSeconds(),
                options.channel(),
                joinPassword,
                publishPassword,
                Optional.of(options.policy().text()).filter(text -> !text.isEmpty()),
                options.record(),
                open.map(RoomDescription::locked).orElse(false),
                open.map(RoomDescription::lobby).orElse(false),
                open.map(RoomDescription::recorded).orElse(false),
                open.map(is -> is.counts().peers()).orElse(0),
                open.map(is -> is.counts().publishers()).orElse(0),
                open.map(is -> is.counts().subscribers()).orElse(0),
                open.map(is -> is.opened().toEpochMilli()));
    }
}
