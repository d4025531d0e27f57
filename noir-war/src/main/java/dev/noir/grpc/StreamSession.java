package dev.noir.grpc;

import dev.noir.room.Scheduler;
import java.time.Duration;

/**
 * What is at our end of a stream, for whatever carries it.
 *
 * <p>Thread: {@code received}, {@code finished} one at a time; the rest any.
 */
interface StreamSession {
    /** Sends what the transport has before all messages. */
    void begin(byte[] headers);

    /** A message of the client's. */
    void received(byte[] message);

    /** The client will say nothing more. */
    void finished();

    /** Any sign of life. */
    void heard();

    /** Nothing that comes is looked at any more. */
    boolean ended();

    /** Of one message, in bytes, now. */
    int longest();

    /** Ends the stream without another message. */
    void end(GrpcCode code, String why);

    /** Whatever carries it is gone. */
    void closed();

    /** Whatever carries it has failed. */
    void failed();

    Scheduler.Timer after(Duration delay, Runnable task);
}
