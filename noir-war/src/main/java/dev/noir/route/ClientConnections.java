package dev.noir.route;

import dev.noir.room.JoinRequest;
import dev.noir.room.LearnedEncoding;
import dev.noir.room.ResumeRequest;
import java.util.ArrayList;
import java.util.List;

/** What a client's connections look like, for a node that goes on with them. Thread: one at a time. */
final class ClientConnections {
    // More than a peer may send.
    private static final int MAX_ENCODINGS = 256;

    // State. Of the subscriber connection,
    private String offer = "";
    private String answer = "";
    // and of what the client sends on the other one.
    private final List<LearnedEncoding> encodings = new ArrayList<>();

    void offered(String sdp) {
        offer = sdp;
    }

    void answered(String sdp) {
        answer = sdp;
    }

    void learned(LearnedEncoding encoding) {
        encodings.removeIf(encoding::isOfSame);
        if (encodings.size() < MAX_ENCODINGS) {
            encodings.add(encoding);
        }
    }

    /** @param joined as the client came in */
    ResumeRequest resumption(JoinRequest joined) {
        return new ResumeRequest(
                joined.room(),
                joined.peer(),
                joined.config(),
                offer,
                answer,
                joined.caller(),
                joined.passes(),
                encodings);
    }
}
