package dev.noir.room;

import dev.noir.room.ModerationCommand.Subscribe.Choice;
import dev.noir.sdp.SdpException;
import dev.noir.sdp.SubscriberAnswer;
import dev.noir.sdp.SubscriberLayout;
import dev.noir.sdp.SubscriberOffer;
import dev.noir.sdp.SubscriberSession;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The connection on which a peer receives: we always offer, the client always answers. Thread: rooms.
 *
 * <pre>
 *              change, restart       due task           answer             timeout
 * IDLE         OFFER_DUE             -                  refused            -
 * OFFER_DUE    (in the same offer)   AWAITING_ANSWER    refused            -
 * AWAITING     (in the next offer)   -                  IDLE or OFFER_DUE  again, or the peer is closed
 * CLOSED       -                     -                  refused            -
 * </pre>
 */
final class Subscriber implements Egress, MediaTransport.Events {
    private static final Logger LOG = System.getLogger(Subscriber.class.getName());

    // m=application is our first section and has this mid in all offers.
    private static final String FIRST_MID = "0";

    private static final String NOTHING_OUTSTANDING = "no offer is outstanding";
    private static final Duration UNREACHABLE_RETRY = Duration.ofSeconds(1);

    private static final int MAX_CHOICES = 1000;

    private enum State {
        IDLE,
        OFFER_DUE,
        AWAITING_ANSWER,
        CLOSED
    }

    // Given.
    private final Room room;
    private final Peer peer;

    // Owned.
    private final PeerTransport transport;
    private final SubscriberSession session;
    private final List<Scheduler.Timer> resumeTimers = new ArrayList<>();
    private final Map<String, DownTrack> downTracksByMid = new HashMap<>();

    // Tracks that get their section with the next offer: by then the last answer may have freed one.
    private final Set<Track> waiting = new LinkedHashSet<>();

    // By track id.
    private final Map<String, Choice> choices = new HashMap<>();

    // State.
    private State state = State.IDLE;
    private final String staleUfrag;
    private boolean restartDue;
    private boolean offered;
    private int unanswered;
    private @Nullable SubscriberOffer lastOffer;
    private @Nullable SubscriberAnswer lastAnswer;
    private Scheduler.@Nullable Timer answerTimer;
    private @Nullable MediaChannel apiChannel;

    /** @param layout of the client's existing connection, when another node had it so far */
    Subscriber(Room room, Peer peer, @Nullable SubscriberLayout layout) {
        this.room = room;
        this.peer = peer;
        GuardedEvents events = new GuardedEvents(room, peer, this);
        if (layout == null) {
            this.transport = new PeerTransport(room, peer.name(), TransportRole.SUBSCRIBER, events);
            this.session = new SubscriberSession(room.context().random());
            this.staleUfrag = "";
        } else {
            this.transport = new PeerTransport(room, peer.name(), TransportRole.SUBSCRIBER, events, layout.sessionId());
            this.session = SubscriberSession.resumed(room.context().random(), layout);
            this.staleUfrag = layout.answeredUfrag();
            resumeTimer(room.context().limits().resumeGrace(), this::graceOver);
            resumeTimer(room.context().limits().resumeTimeout(), this::checkResumed);
        }
    }

    /** What the client's connection looks like now; null when it was never offered anything. */
    static @Nullable SubscriberLayout layout(ResumeRequest request) {
        try {
            return request.offer().isEmpty() ? null : SubscriberLayout.read(request.offer(), request.answer());
        } catch (SdpException e) {
            throw invalid(String.valueOf(e.getMessage()));
        }
    }

    private void resumeTimer(Duration delay, Runnable action) {
        resumeTimers.add(room.schedule(delay, () -> room.guard(peer, action)));
    }

    /** Tracks that have not come back by now are gone. */
    private void graceOver() {
        if (state != State.CLOSED) {
            session.releaseHeld();
            offerDue();
        }
    }

    /** Firefox does not restart DTLS for a new certificate: there the page has to make new connections. */
    private void checkResumed() {
        if (!transport.isLive()) {
            room.expel(peer, CloseCause.REJOIN);
        }
    }

    /** The first offer, with everything that is in the room already. */
    @Override
    public void start(List<Track> tracks) {
        // Without this channel client.join() of ion-sdk-js never resolves.
        apiChannel = transport.media().openChannel(UserChannels.API_LABEL);
        tracks.forEach(this::add);
        sendOffer();
    }

    @Override
    public void add(Track track) {
        if (state != State.CLOSED && wants(track) && Compliance.isFor(track, peer)) {
            waiting.add(track);
            offerDue();
        }
    }

    /** What the client has chosen, else what it has joined for. */
    private boolean wants(Track track) {
        Choice choice = choices.get(track.published().trackId());
        return choice == null
                ? peer.config().subscribes()
                : choice.subscribed() && !peer.config().noSubscribe();
    }

    /** @param there what could be offered */
    @Override
    public void choose(Choice choice, List<Track> there) {
        if (choices.size() >= MAX_CHOICES && !choices.containsKey(choice.track())) {
            throw new RoomException(RoomException.Code.TOO_MANY, "that is about too many tracks");
        }
        choices.put(choice.track(), choice);
        for (Track track : there) {
            if (track.published().trackId().equals(choice.track())) {
                if (!choice.subscribed()) {
                    remove(track);
                } else if (!has(track)) {
                    add(track);
                }
            }
        }
        downTracksByMid.values().forEach(downTrack -> downTrack.choose(choice));
    }

    private boolean has(Track track) {
        return downTracksByMid.values().stream().anyMatch(downTrack -> downTrack.track() == track);
    }

    private void giveSection(Track track) {
        try {
            DownTrack downTrack = new DownTrack(track);
            Choice choice = choices.get(track.published().trackId());
            if (choice != null) {
                downTrack.choose(choice);
            }
            downTracksByMid.put(session.addTrack(track.published()), downTrack);
        } catch (SdpException e) {
            LOG.log(
                    Level.WARNING,
                    () -> peer + ": not offered a track of " + track.owner().name() + ": " + e.getMessage());
        }
    }

    @Override
    public void remove(Track track) {
        waiting.remove(track);
        downTracksByMid.entrySet().removeIf(entry -> {
            if (entry.getValue().track() != track) {
                return false;
            }
            entry.getValue().remove();
            session.removeTrack(entry.getKey());
            return true;
        });
        offerDue();
    }

    /** Offers new credentials: ion-sdk-js can't ask for that on this connection, so we do it when it seems needed. */
    @Override
    public void restartIce() {
        if (offered) {
            restartDue = true;
            offerDue();
        }
    }

    /** What changes until the task runs goes into one offer; what changes later waits for the answer. */
    private void offerDue() {
        if (state == State.IDLE && offered) {
            state = State.OFFER_DUE;
            room.execute(() -> room.guard(peer, this::sendDueOffer));
        }
    }

    private void sendDueOffer() {
        if (state == State.OFFER_DUE) {
            if (hasNews()) {
                sendOffer();
            } else {
                state = State.IDLE;
            }
        }
    }

    private boolean hasNews() {
        return restartDue || !waiting.isEmpty() || session.needsOffer();
    }

    private void sendOffer() {
        waiting.forEach(this::giveSection);
        waiting.clear();
        boolean freshCredentials = restartDue || !offered;
        if (restartDue) {
            transport.restart(transport.restarted());
            restartDue = false;
        }
        SubscriberOffer offer = session.offer(transport.local());
        lastOffer = offer;
        lastAnswer = null;
        offered = true;
        state = State.AWAITING_ANSWER;
        send(offer);
        if (freshCredentials) {
            transport.trickle(peer.link(), FIRST_MID, 0);
        }
    }

    private void send(SubscriberOffer offer) {
        unanswered++;
        awaitAnswer(offer, room.context().limits().answerTimeout());
        peer.link().offer(offer.text());
    }

    private void awaitAnswer(SubscriberOffer offer, Duration limit) {
        answerTimer = room.schedule(limit, () -> room.guard(peer, () -> answerOverdue(offer)));
    }

    private void answerOverdue(SubscriberOffer offer) {
        if (state != State.AWAITING_ANSWER || !offer.equals(lastOffer)) {
            return;
        }
        if (!peer.link().isReachable()) {
            // Not the client's fault: it has not got the offer, or we not its answer.
            unanswered = 0;
            awaitAnswer(offer, UNREACHABLE_RETRY);
            return;
        }
        if (unanswered >= room.context().limits().maxOffers()) {
            room.expel(peer, CloseCause.NO_ANSWER);
            return;
        }
        // The very same, which in have-remote-offer replaces itself (RFC 8829 §5.5): nothing in an answer says which
        // offer
        // it answers, and a client that has been asleep answers them all. What has changed meanwhile is offered after
        // that.
        LOG.log(Level.INFO, () -> peer + ": no answer, offering again");
        send(offer);
    }

    @Override
    public void answered(String sdp) {
        SubscriberOffer offer = lastOffer;
        if (state == State.CLOSED || offer == null) {
            throw invalid(NOTHING_OUTSTANDING);
        }
        boolean awaited = state == State.AWAITING_ANSWER;
        SubscriberAnswer answer = awaited ? parse(offer, sdp) : revised(offer, sdp);
        transport.setRemote(answer.remote());
        // Only now: one that cannot be applied counts as none, and the timeout offers again.
        if (awaited) {
            stopWaiting();
            unanswered = 0;
            state = State.IDLE;
        }
        apply(offer, answer);
        if (hasNews()) {
            offerDue();
        }
    }

    private SubscriberAnswer parse(SubscriberOffer offer, String sdp) {
        try {
            SubscriberAnswer answer = SubscriberAnswer.parse(offer, sdp);
            if (answer.remote().ufrag().equals(staleUfrag)) {
                // RFC 8839 §4.4.1.1.1: the answer to our restart has new credentials. This one was meant for the old
                // host.
                throw new SdpException("this answers an earlier offer");
            }
            return answer;
        } catch (SdpException e) {
            throw invalid(String.valueOf(e.getMessage()));
        }
    }

    /** Another answer to the same offer: what was taken for its answer was a late one to the offer before. */
    private SubscriberAnswer revised(SubscriberOffer offer, String sdp) {
        SubscriberAnswer answer;
        try {
            answer = parse(offer, sdp);
        } catch (RoomException e) {
            throw invalid(NOTHING_OUTSTANDING);
        }
        if (answer.equals(lastAnswer)) {
            throw invalid(NOTHING_OUTSTANDING);
        }
        return answer;
    }

    private void apply(SubscriberOffer offer, SubscriberAnswer answer) {
        lastAnswer = answer;
        session.apply(offer, answer);
        for (SubscriberAnswer.Section section : answer.sections()) {
            DownTrack downTrack = downTracksByMid.get(section.mid());
            if (downTrack != null) {
                downTrack.answered(transport.media(), section);
            }
        }
    }

    private static RoomException invalid(String why) {
        return new RoomException(RoomException.Code.INVALID, "setting remote description: " + why);
    }

    private void stopWaiting() {
        if (answerTimer != null) {
            answerTimer.cancel();
            answerTimer = null;
        }
    }

    @Override
    public boolean hasChannels() {
        return true;
    }

    @Override
    public MediaChannel openChannel(String label) {
        return transport.media().openChannel(label);
    }

    /** This peer's copies of one publisher's stream. */
    @Override
    public List<DownTrack> downTracks(String streamId) {
        return downTracksByMid.values().stream()
                .filter(downTrack -> downTrack.track().published().streamId().equals(streamId))
                .toList();
    }

    /** Empty before the first offer. */
    @Override
    public Optional<MediaChannel> apiChannel() {
        return Optional.ofNullable(apiChannel);
    }

    @Override
    public @Nullable Track track(String mid) {
        DownTrack downTrack = downTracksByMid.get(mid);
        return downTrack == null ? null : downTrack.track();
    }

    @Override
    public CompletableFuture<Optional<MediaExplanation>> explain() {
        return transport.media().explain();
    }

    @Override
    public CompletableFuture<Optional<MediaSample>> sample() {
        return transport.media().sample();
    }

    /** Sends on the API channel. */
    @Override
    public void send(String apiMessage) {
        if (apiChannel != null) {
            apiChannel.send(false, apiMessage.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Override
    public boolean isLive() {
        return transport.isLive();
    }

    @Override
    public void onState(TransportState changed, MediaEnd end) {
        transport.stateChanged(changed);
        switch (changed) {
            case CONNECTING, CONNECTED -> {}
            case DISCONNECTED -> restartIce();
            case CLOSED -> {
                halt();
                peer.transportClosed(TransportRole.SUBSCRIBER, end);
            }
        }
    }

    @Override
    public void onChannelOpen(MediaChannel channel) {
        // Clients open theirs on the publisher connection; nothing is done with one that comes here.
    }

    @Override
    public void onChannelClosed(MediaChannel channel, ChannelEnd end) {
        room.userChannels().closed(peer, channel, end);
    }

    @Override
    public void onChannelMessage(MediaChannel channel, boolean binary, byte[] message) {
        if (channel != apiChannel) {
            room.userChannels().received(peer, channel, binary, message);
        } else if (!binary && peer.maySendMessage()) {
            room.context()
                    .apiMessages()
                    .parse(new String(message, StandardCharsets.UTF_8))
                    .ifPresent(parsed -> LayerControl.handle(room, peer, parsed));
        }
    }

    private void halt() {
        state = State.CLOSED;
        stopWaiting();
        resumeTimers.forEach(Scheduler.Timer::cancel);
        downTracksByMid.clear();
        waiting.clear();
    }

    @Override
    public void close() {
        halt();
        transport.close();
    }
}
