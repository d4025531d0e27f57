package dev.noir.bot.call;

import dev.noir.bot.rtc.Readings;
import java.util.List;

/** Port: to whom the caller tells what it sees. Thread: one. */
interface Report {
    /**
     * It is in the room, and media can flow.
     *
     * @param socketMs until the WebSocket was open
     * @param joinMs from there until the join was answered
     * @param mediaMs from there until both connections were up
     */
    record Joined(String room, String uid, long socketMs, long joinMs, long mediaMs) {}

    /**
     * How it was.
     *
     * @param decoded participants of whom pictures have been decoded
     * @param exit what the process ends with
     */
    record Summary(
            String room,
            String uid,
            double seconds,
            long decoded,
            int expected,
            List<Tally.Seen> tracks,
            List<Readings.Sent> sent,
            int exit) {}

    void joined(Joined joined);

    /** @param atSeconds since it joined */
    void seen(long atSeconds, Readings readings, List<Tally.Seen> tracks);

    /** The server has said something that people want to know. */
    void told(String what);

    void over(Summary summary);

    /** There was no connection, or it did not last. */
    void failed(String why);
}
