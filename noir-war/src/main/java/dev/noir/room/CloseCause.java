package dev.noir.room;

import java.nio.charset.StandardCharsets;

/**
 * Why the server ends a client's connection, told to the client as a notification and as the WebSocket close.
 *
 * @param code WebSocket close code; 4000–4999 are ours (RFC 6455 §7.4.2)
 * @param reason for people; at most 123 bytes (RFC 6455 §5.5)
 */
public record CloseCause(int code, String reason) {
    public static final CloseCause GOING_AWAY = new CloseCause(1001, "the server is going down");
    public static final CloseCause INTERNAL_ERROR = new CloseCause(1011, "internal error");
    public static final CloseCause REPLACED = new CloseCause(4000, "replaced by a newer connection with the same uid");
    public static final CloseCause NO_ANSWER = new CloseCause(4001, "the client did not answer the server's offers");
    public static final CloseCause ROOM_LOST = new CloseCause(4003, "the server lost the room, please join again");
    public static final CloseCause ROOM_MOVED =
            new CloseCause(4004, "the room is on another server now, please join again");
    public static final CloseCause ROOM_ENDED = new CloseCause(4005, "the room has ended");
    public static final CloseCause REJOIN =
            new CloseCause(4006, "the connections could not follow the room to another server, please join again");

    public static final CloseCause SESSION_OVER = new CloseCause(4009, "your session is over, please log in again");
    public static final CloseCause TOKEN_EXPIRED = new CloseCause(4010, "your token has expired");

    /** Of {@link #mediaFailed}. */
    public static final int MEDIA_FAILED_CODE = 4002;

    private static final int MAX_REASON_BYTES = 123;

    /** The room is over, before its time. */
    static CloseCause ended(String why) {
        return new CloseCause(ROOM_ENDED.code(), withReason(ROOM_ENDED.reason(), why));
    }

    /** By a moderator; may come back. */
    static CloseCause removed(String why) {
        return new CloseCause(4007, withReason("removed by a moderator", why));
    }

    /** By a moderator; may not come back. */
    public static CloseCause banned(String why) {
        return new CloseCause(4008, withReason("banned", why));
    }

    /** Asked into another room; the notification before it names that room in full. */
    static CloseCause sentTo(RoomId room) {
        return new CloseCause(4011, withReason("asked into another room", room.value()));
    }

    /** What was to be played cannot be, or no further. */
    static CloseCause notPlayed(String why) {
        return new CloseCause(4012, withReason("cannot be played", why));
    }

    private static String withReason(String what, String why) {
        StringBuilder text = new StringBuilder(why.isEmpty() ? what : what + ": ");
        int bytes = text.length();
        for (int point : why.codePoints().toArray()) {
            String next = Character.isISOControl(point) ? " " : Character.toString(point);
            bytes += next.getBytes(StandardCharsets.UTF_8).length;
            if (bytes > MAX_REASON_BYTES) {
                break;
            }
            text.append(next);
        }
        return text.toString();
    }

    static CloseCause mediaFailed(String why) {
        return new CloseCause(MEDIA_FAILED_CODE, "the media connection failed: " + why);
    }
}
