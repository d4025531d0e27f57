package dev.noir.room;

import dev.noir.access.Caller;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A client as the core sees it: what it asks for, and what it is told, remembered. */
public final class FakeClient {
    public final List<String> offers = new CopyOnWriteArrayList<>();
    public final List<String> candidates = new CopyOnWriteArrayList<>();
    public final List<String> answers = new CopyOnWriteArrayList<>();
    public final List<String> errors = new CopyOnWriteArrayList<>();
    public final List<Notification> told = new CopyOnWriteArrayList<>();
    public final List<LearnedEncoding> learned = new CopyOnWriteArrayList<>();
    public final List<ModerationResult> results = new CopyOnWriteArrayList<>();
    public final List<RoomException.Code> codes = new CopyOnWriteArrayList<>();
    public final List<String> log = new CopyOnWriteArrayList<>();

    public volatile @Nullable CloseCause closed;

    private final PeerRequests rooms;

    public final PeerLink link = new PeerLink() {
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
        public void learned(LearnedEncoding encoding) {
            learned.add(encoding);
        }

        @Override
        public void notify(Notification notification) {
            told.add(notification);
        }

        @Override
        public void close(CloseCause cause) {
            log.add("close");
            closed = cause;
        }

        @Override
        public void left() {
            log.add("left");
        }
    };

    public final Reply reply = new Reply() {
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
        public void result(ModerationResult result) {
            log.add("result");
            results.add(result);
        }

        @Override
        public void error(RoomException error) {
            log.add("error");
            codes.add(error.code());
            errors.add(error.getMessage());
        }
    };

    public FakeClient(PeerRequests rooms) {
        this.rooms = rooms;
    }

    public FakeClient join(String room, String name, String offer, JoinConfig config) {
        ask(() -> rooms.join(link, JoinRequest.anonymous(new RoomId(room), new PeerName(name), offer, config), reply));
        return this;
    }

    public FakeClient resume(String room, String name, String offer, String answer) {
        ask(() -> ((RoomService) rooms)
                .resume(
                        link,
                        new ResumeRequest(
                                new RoomId(room),
                                new PeerName(name),
                                JoinConfig.NONE,
                                offer,
                                answer,
                                Caller.ANONYMOUS,
                                Set.of()),
                        reply));
        return this;
    }

    public FakeClient join(JoinRequest request) {
        ask(() -> rooms.join(link, request, reply));
        return this;
    }

    public FakeClient resume(ResumeRequest request) {
        ask(() -> ((RoomService) rooms).resume(link, request, reply));
        return this;
    }

    /** The error's code, or null when it was done. */
    public RoomException.@Nullable Code moderate(ModerationCommand command) {
        int before = codes.size();
        ask(() -> rooms.moderate(link, command, reply));
        return codes.size() > before ? codes.get(before) : null;
    }

    public void offer(String sdp) {
        ask(() -> rooms.offer(link, sdp, reply));
    }

    public void answer(String sdp) {
        ask(() -> rooms.answer(link, sdp, reply));
    }

    /** Accepts the last offer. */
    public void answerLast() {
        answer(TestSdp.answer(lastOffer()));
    }

    public void trickle(String candidate) {
        ask(() -> rooms.trickle(link, TransportRole.PUBLISHER, candidate, reply));
    }

    public void leave() {
        rooms.leave(link);
    }

    private void ask(Runnable request) {
        try {
            request.run();
        } catch (RoomException e) {
            reply.error(e);
        }
    }

    public String lastOffer() {
        return offers.get(offers.size() - 1);
    }

    public String lastAnswer() {
        return answers.get(answers.size() - 1);
    }
}
