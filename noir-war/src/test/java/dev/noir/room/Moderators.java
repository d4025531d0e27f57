package dev.noir.room;

import dev.noir.access.Caller;
import dev.noir.access.Password;
import dev.noir.room.FakeMediaPlane.FakeTrack;
import dev.noir.room.FakeMediaPlane.FakeTransport;
import java.util.List;
import java.util.Set;

/** Callers of different rank, and what they ask for. */
public final class Moderators {
    public static final Caller EVA = named("eva", "noir-moderator");
    public static final Caller ADA = named("ada", "noir-admin");
    public static final Caller BOB = named("bob");
    public static final RoomId ROOM = new RoomId("r");

    private Moderators() {}

    public static Caller named(String principal, String... roles) {
        return new Caller(principal, Set.of(roles), Caller.Means.CONTAINER, "192.0.2.7");
    }

    public static Caller anonymousFrom(String address) {
        return Caller.ANONYMOUS.at(address);
    }

    public static PeerName name(String name) {
        return new PeerName(name);
    }

    public static JoinRequest request(String name, Caller caller, String... sections) {
        return new JoinRequest(
                ROOM,
                name(name),
                TestSdp.offer("abcd", "stream-" + name, sections),
                JoinConfig.NONE,
                caller,
                Password.NONE,
                Set.of());
    }

    public static ResumeRequest resumeRequest(String name, Caller caller) {
        return new ResumeRequest(ROOM, name(name), JoinConfig.NONE, "", "", caller, Set.of());
    }

    /** The last notification of this kind. */
    public static <T> T lastTold(FakeClient client, Class<T> kind) {
        List<T> told = told(client, kind);
        return told.get(told.size() - 1);
    }

    public static <T> List<T> told(FakeClient client, Class<T> kind) {
        return client.told.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** Which of a publisher's tracks reach nobody, as the media plane has it. */
    public static List<Boolean> squelched(FakeTransport publisher) {
        return publisher.openTracks().stream()
                .map((FakeTrack track) -> track.squelched)
                .toList();
    }
}
