package dev.noir.room;

/** Name of a room, the wire's {@code sid}. Opaque and compared exactly. */
public record RoomId(String value) {
    public RoomId {
        NameRules.check("sid", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
