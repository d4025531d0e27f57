package dev.noir.whip;

import dev.noir.room.RoomException;

/** What a room's refusal is in HTTP. Pure. */
final class Refusals {
    private static final int SOON = 2; // Seconds: somebody who sends may come any moment.
    private static final int LATER = 10;
    private static final int NEXT_MINUTE = 60; // What is counted is counted by the minute.

    private Refusals() {}

    static Answer of(RoomException refusal) {
        String words = String.valueOf(refusal.getMessage());
        return switch (refusal.code()) {
            case INVALID -> Answer.problem(Answer.BAD_REQUEST, words);
            case NOT_JOINED -> gone();
            case ALREADY_JOINED -> Answer.problem(Answer.CONFLICT, words).retryAfter(LATER);
            case NO_SUCH_PEER -> Answer.problem(Answer.CONFLICT, words).retryAfter(SOON);
            case LOGIN_NEEDED, PASSWORD_NEEDED ->
                Answer.problem(Answer.UNAUTHORIZED, words).with("WWW-Authenticate", "Bearer realm=\"noiR\"");
            case FORBIDDEN, BANNED, LOCKED -> Answer.problem(Answer.FORBIDDEN, words);
            case TOO_MANY -> Answer.problem(Answer.TOO_MANY_REQUESTS, words).retryAfter(NEXT_MINUTE);
            case ROOM_FULL, PUBLISHERS_FULL, ROOM_ENDED, MOVED, UNAVAILABLE -> unavailable(words);
            case INTERNAL -> Answer.problem(Answer.INTERNAL_ERROR, words);
        };
    }

    static Answer unavailable(String words) {
        return Answer.problem(Answer.UNAVAILABLE, words).retryAfter(LATER);
    }

    static Answer tooMany(String words) {
        return Answer.problem(Answer.TOO_MANY_REQUESTS, words).retryAfter(NEXT_MINUTE);
    }

    /** There is no such session, or no longer. */
    static Answer gone() {
        return Answer.problem(Answer.NOT_FOUND, "there is no such session");
    }
}
