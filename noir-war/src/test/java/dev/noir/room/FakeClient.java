package dev.noir.room;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A client as the core sees it: what it asks for, and what it is told, remembered. */
final class FakeClient {
    final List<String> offers = new ArrayList<>();
    final List<String> candidates = new ArrayList<>();
    final List<String> answers = new ArrayList<>();
    final List<String> errors = new ArrayList<>();
    final List<String> log = new ArrayList<>();

    @Nullable
    CloseCause closed;

    private final RoomService rooms;

    final PeerLink link = new PeerLink() {
        @Override
        public void offer(String sdp) {
            log.add("offer");
            offers.add(sdp);
        }

        @Override
        public void trickle(TransportRole role, LocalCandidate candidate) {
            log.add("trickle " + role.target());
            candidates.add(
                    role.target() + " " + candidate.mid() + " " + candidate.index() + " " + candidate.candidate());
        }

        @Override
        public void close(CloseCause cause) {
            log.add("close");
            closed = cause;
        }
    };

    private final Reply reply = new Reply() {
        @Override
        public void answer(String sdp) {
            log.add("answer");
            answers.add(sdp);
        }

        @Override
        public void done() {
            log.add("done");
        }

        @Override
        public void error(RoomException error) {
            log.add("error");
            errors.add(error.getMessage());
        }
    };

    FakeClient(RoomService rooms) {
        this.rooms = rooms;
    }

    FakeClient join(String room, String name, String offer, JoinConfig config) {
        ask(() -> rooms.join(link, new JoinRequest(new RoomId(room), new PeerName(name), offer, config), reply));
        return this;
    }

    FakeClient resume(String room, String name, String offer, String answer) {
        ask(() -> rooms.resume(
                link, new ResumeRequest(new RoomId(room), new PeerName(name), JoinConfig.NONE, offer, answer), reply));
        return this;
    }

    void offer(String sdp) {
        ask(() -> rooms.offer(link, sdp, reply));
    }

    void answer(String sdp) {
        ask(() -> rooms.answer(link, sdp, reply));
    }

    /** Accepts the last offer. */
    void answerLast() {
        answer(TestSdp.answer(lastOffer()));
    }

    void trickle(String candidate) {
        ask(() -> rooms.trickle(link, TransportRole.PUBLISHER, candidate, reply));
    }

    void leave() {
        rooms.leave(link);
    }

    private void ask(Runnable request) {
        try {
            request.run();
        } catch (RoomException e) {
            reply.error(e);
        }
    }

    String lastOffer() {
        return offers.get(offers.size() - 1);
    }

    String lastAnswer() {
        return answers.get(answers.size() - 1);
    }
}
