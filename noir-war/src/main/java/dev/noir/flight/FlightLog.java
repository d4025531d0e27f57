package dev.noir.flight;

import java.time.Duration;

/** What a flight recorder may be told; nothing is kept while none records. Thread: any. */
public interface FlightLog extends AutoCloseable {
    /** For a JVM without a recorder. */
    FlightLog NONE = new FlightLog() {
        @Override
        public void joined(String room, String peer, String state, String path, Duration took) {}

        @Override
        public void published(String room, String peer, String stream, String kind) {}

        @Override
        public void mediaFailed(String room, String peer, int loop, String reason) {}

        @Override
        public void tookOver(String room, String peer, boolean resumed, Duration took) {}

        @Override
        public void slowLoop(int loop, Duration took) {}

        @Override
        public void layerSwitched(
                String room, String peer, String publisher, String stream, String from, String to, String why) {}

        @Override
        public void whileRecording(Runnable look) {}

        @Override
        public void close() {}
    };

    /** That of this JVM. */
    static FlightLog ofThisJvm() {
        try {
            Class.forName("jdk.jfr.FlightRecorder", false, FlightLog.class.getClassLoader());
            return new FlightRecording();
        } catch (ClassNotFoundException | LinkageError e) {
            return NONE;
        }
    }

    /** A client of this node has asked for a room. */
    void joined(String room, String peer, String state, String path, Duration took);

    /** A peer of a room of this node has begun to send a track. */
    void published(String room, String peer, String stream, String kind);

    /** A transport has ended, and nobody wanted it to. */
    void mediaFailed(String room, String peer, int loop, String reason);

    /** A client's room has got another host, or not. */
    void tookOver(String room, String peer, boolean resumed, Duration took);

    /** A media loop has answered late. */
    void slowLoop(int loop, Duration took);

    /** A peer gets another layer of a publisher's track; layers as spatial and temporal one, or none. */
    void layerSwitched(String room, String peer, String publisher, String stream, String from, String to, String why);

    /** Does it once a second while {@link #slowLoop} is recorded; by the recorder's thread. */
    void whileRecording(Runnable look);

    /** The recorder knows nothing of us any more. */
    @Override
    void close();
}
