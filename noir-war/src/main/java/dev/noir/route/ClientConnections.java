package dev.noir.route;

import dev.noir.room.JoinRequest;
import dev.noir.room.LearnedEncoding;
import dev.noir.room.LearnedEncodings;
import dev.noir.room.ResumeRequest;

/** What a client's connections look like, for a node that goes on with them. Thread: one at a time. */
final class ClientConnections {
    // State. Of the subscriber connection,
    private String offer = "";
    private String answer = "";
    // and of what the client sends on the other one.
    private final LearnedEncodings encodings = new LearnedEncodings();

    void offered(String sdp) {
        offer = sdp;
    }

    void answered(String sdp) {
        answer = sdp;
    }

    void learned(LearnedEncoding encoding) {
        encodings.note(encoding);
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
                encodings.all());
    }
}
