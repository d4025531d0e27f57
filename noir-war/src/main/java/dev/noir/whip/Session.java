package dev.noir.whip;

import dev.noir.access.PlainText;
import dev.noir.access.Visitor;
import dev.noir.room.CloseCause;
import dev.noir.room.Connections;
import dev.noir.room.LocalCandidate;
import dev.noir.room.ModerationResult;
import dev.noir.room.Notification;
import dev.noir.room.PeerLink;
import dev.noir.room.Reply;
import dev.noir.room.RoomException;
import dev.noir.room.TransportRole;
import dev.noir.sdp.IceFragment;
import dev.noir.sdp.SdpException;
import dev.noir.signal.JoinWish;
import dev.noir.signal.KnownVisitor;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * One publisher or viewer that has come by HTTP, from its request to the end of its connection. Of what a room tells clients only
 * the end can be passed on: from then on there is nothing at its address.
 *
 * <p>Thread: any.
 */
final class Session implements PeerLink {
    private static final Logger LOG = System.getLogger(Session.class.getName());
    private static final String ANY = "*";

    // Given.
    private final Sessions sessions;
    private final SessionId id;
    private final Visitor visitor;
    private final boolean watches;

    // Owned.
    private final KnownVisitor known = new KnownVisitor(this::standingOver);

    // State. Guarded by `this`. The offer is repeated with other credentials when ICE begins anew.
    private String offer;
    private String tag;
    private boolean restarting;
    private boolean refused;
    private boolean over;

    Session(Sessions sessions, SessionId id, Visitor visitor, JoinWish wish) {
        this.sessions = sessions;
        this.id = id;
        this.visitor = visitor;
        this.watches = wish.config().connections() == Connections.EGRESS;
        this.offer = wish.offer();
        this.tag = sessions.newTag();
    }

    SessionId id() {
        return id;
    }

    Visitor visitor() {
        return visitor;
    }

    /** It has come by WHEP. */
    boolean watches() {
        return watches;
    }

    /** Asks for a place in the room; done with 201 and our answer, or with why not. */
    CompletableFuture<Answer> join(JoinWish wish) {
        CompletableFuture<Answer> outcome = new CompletableFuture<>();
        known.follow(visitor);
        ask(
                new Outcome(outcome) {
                    @Override
                    public void answer(String sdp) {
                        outcome.complete(created(sdp));
                    }

                    @Override
                    public void error(RoomException refusal) {
                        endRefused();
                        super.error(refusal);
                    }
                },
                reply -> sessions.joins().join(this, visitor, wish, reply));
        if (isOverUnrefused()) { // By another thread meanwhile, whose leave was too early.
            sessions.rooms().leave(this);
            outcome.complete(Refusals.gone());
        }
        return outcome;
    }

    private synchronized Answer created(String sdp) {
        return over
                ? Refusals.gone()
                : Answer.of(Answer.CREATED, Answer.SDP, sdp).with("ETag", tag);
    }

    /** RFC 9725 §4.3: candidates, or new credentials. */
    CompletableFuture<Answer> change(String match, String text) {
        IceFragment fragment;
        try {
            fragment = IceFragment.parse(text);
        } catch (SdpException e) {
            return done(Answer.problem(Answer.BAD_REQUEST, String.valueOf(e.getMessage())));
        }
        if (match.isEmpty()) {
            return done(Answer.problem(
                    Answer.PRECONDITION_REQUIRED, "If-Match is missing: the ETag of the last answer, or *"));
        }
        String restarted;
        synchronized (this) {
            boolean restart = fragment.restarts(offer);
            if (!matches(match)) {
                return done(Answer.problem(Answer.PRECONDITION_FAILED, "ICE has begun anew since that ETag")
                        .with("ETag", tag));
            }
            if (!restart) {
                restarted = "";
            } else if (restarting) {
                return done(Answer.problem(Answer.CONFLICT, "ICE is about to begin anew already")
                        .retryAfter(1));
            } else {
                restarting = true;
                restarted = fragment.appliedTo(offer);
            }
        }
        return restarted.isEmpty() ? trickle(fragment) : restart(restarted);
    }

    /** RFC 9110 §13.1.1. */
    private boolean matches(String match) {
        for (String one : match.split(",", -1)) {
            if (one.strip().equals(ANY) || one.strip().equals(tag)) {
                return true;
            }
        }
        return false;
    }

    /** Being ICE-lite we learn addresses from the client's checks; what it says of them is only looked at. */
    private CompletableFuture<Answer> trickle(IceFragment fragment) {
        CompletableFuture<Answer> outcome = new CompletableFuture<>();
        for (String candidate : fragment.candidates()) {
            ask(
                    new Outcome(outcome) {
                        @Override
                        public void done() {
                            // The next one.
                        }
                    },
                    reply -> sessions.rooms().trickle(this, TransportRole.PUBLISHER, candidate, reply));
        }
        outcome.complete(Answer.of(Answer.NO_CONTENT)); // Unless one was refused.
        return outcome;
    }

    /** A whole offer to the room, of which only the credentials are other ones. */
    private CompletableFuture<Answer> restart(String changed) {
        CompletableFuture<Answer> outcome = new CompletableFuture<>();
        ask(
                new Outcome(outcome) {
                    @Override
                    public void answer(String sdp) {
                        outcome.complete(restarted(changed, sdp));
                    }
                },
                reply -> {
                    sessions.joins().count(visitor.caller()); // It is as much work.
                    sessions.rooms().offer(this, changed, reply);
                });
        return outcome.whenComplete((answer, failure) -> notRestarting());
    }

    private synchronized void notRestarting() {
        restarting = false;
    }

    private synchronized Answer restarted(String changed, String answer) {
        offer = changed;
        tag = sessions.newTag();
        return Answer.of(Answer.OK, Answer.FRAGMENT, IceFragment.of(answer)).with("ETag", tag);
    }

    private static CompletableFuture<Answer> done(Answer answer) {
        return CompletableFuture.completedFuture(answer);
    }

    /** What is wrong at first sight is thrown. */
    private static void ask(Reply reply, Consumer<Reply> request) {
        try {
            reply.ask(request);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "a request failed", e);
            reply.error(new RoomException(RoomException.Code.INTERNAL, "internal error"));
        }
    }

    /** Of a request of ours to the room. */
    private abstract static class Outcome implements Reply {
        private final CompletableFuture<Answer> outcome;

        Outcome(CompletableFuture<Answer> outcome) {
            this.outcome = outcome;
        }

        @Override
        public void answer(String sdp) {
            throw new IllegalStateException("nothing was offered");
        }

        @Override
        public void done() {
            throw new IllegalStateException("an answer was expected");
        }

        @Override
        public void result(ModerationResult result) {
            throw new IllegalStateException("nothing was moderated");
        }

        @Override
        public void error(RoomException refusal) {
            outcome.complete(Refusals.of(refusal));
        }
    }

    private synchronized boolean isOverUnrefused() {
        return over && !refused;
    }

    /** Before its refusal is told, so that who hears it can try again; whoever told it is also who answers. */
    private void endRefused() {
        synchronized (this) {
            refused = true;
        }
        end();
    }

    /** Nothing is at its address from now on. Harmless when it is over. */
    void end() {
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
        }
        known.close();
        sessions.forget(this);
        sessions.rooms().leave(this);
    }

    private void standingOver(CloseCause cause) {
        close(cause);
    }

    @Override
    public void close(CloseCause cause) {
        LOG.log(Level.DEBUG, () -> this + ": closed: " + PlainText.of(cause.reason()));
        end();
    }

    @Override
    public void left() {
        end();
    }

    @Override
    public void offer(String sdp) {
        // Rooms know that such a client has no connection that we offer.
    }

    @Override
    public void trickle(TransportRole role, LocalCandidate candidate) {
        // All of ours stand in the answer.
    }

    @Override
    public void notify(Notification notification) {
        // There is no way to say it.
    }

    @Override
    public String toString() {
        return id.toString();
    }
}
