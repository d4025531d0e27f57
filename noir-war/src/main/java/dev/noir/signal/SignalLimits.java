package dev.noir.signal;

import java.time.Duration;

/**
 * What a stranger's socket may cost.
 *
 * @param maxFrameChars longest text message of a socket that has joined no room; more closes with 1009
 * @param maxJoinedFrameChars of one that has: pages that publish all day make long offers
 * @param burst messages at once, long ones and offers counting as several; more closes with 1008
 * @param messagesPerSecond messages in the long run
 * @param maxSockets open sockets of this node; the next one is closed with 1013
 * @param compression whether messages may be compressed, for which containers keep 150 KB and more for each socket
 * @param pingInterval between server pings
 * @param silenceTimeout without any frame, pongs included, after which the socket is closed
 * @param joinTimeout in which a socket must have joined a room, and after which it is closed when it is in none
 */
public record SignalLimits(
        int maxFrameChars,
        int maxJoinedFrameChars,
        int burst,
        int messagesPerSecond,
        int maxSockets,
        boolean compression,
        Duration pingInterval,
        Duration silenceTimeout,
        Duration joinTimeout) {

    // A browser with many interfaces trickles some dozens of candidates at once (Firefox also for each new mid), hence
    // the burst; and a page may publish and unpublish some hundreds of times in a row. Pages open the socket on load
    // and join on a click, hence the long join timeout.
    public static final SignalLimits DEFAULT = new SignalLimits(
            256 * 1024,
            1024 * 1024,
            2000,
            50,
            20_000,
            false,
            Duration.ofSeconds(12),
            Duration.ofSeconds(30),
            Duration.ofMinutes(15));

    /**
     * As an administrator wants it.
     *
     * @param sockets at most; 0: no limit
     */
    public SignalLimits with(int sockets, boolean compressed) {
        return new SignalLimits(
                maxFrameChars,
                maxJoinedFrameChars,
                burst,
                messagesPerSecond,
                sockets == 0 ? Integer.MAX_VALUE : sockets,
                compressed,
                pingInterval,
                silenceTimeout,
                joinTimeout);
    }
}
