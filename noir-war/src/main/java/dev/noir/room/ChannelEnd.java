package dev.noir.room;

/** Why a data channel is no more. */
public enum ChannelEnd {
    CLOSED("closed"),
    /** Its client did not take what was sent to it. */
    TOO_SLOW("the client does not take what is sent to it"),
    /** More came on it than a room passes on. */
    FLOODED("more messages than the room passes on"),
    /** What came on it was no message. */
    VIOLATION("not what a data channel carries"),
    /** The SCTP association has ended, or takes no more channels. */
    LOST("the connection carries no data any more");

    private final String text;

    ChannelEnd(String text) {
        this.text = text;
    }

    /** For people. */
    public String text() {
        return text;
    }
}
