package dev.noir.room;

import dev.noir.access.Caller;
import dev.noir.access.Grants;
import dev.noir.access.PlainText;
import dev.noir.room.RoomException.Code;
import dev.noir.sdp.SubscriberLayout;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/** One participant: a link to its client, and an end at which it sends and one at which it receives, or one of both. Thread: rooms. */
final class Peer {
    private static final Logger LOG = System.getLogger(Peer.class.getName());

    // Data channel messages; each one on a user channel goes to everybody in the room. Chunks of 64 KiB make 12 MB/s.
    private static final int MESSAGE_BURST = 1000;
    private static final int MESSAGES_PER_SECOND = 200;

    // Wishes about how pictures are shown, each of which is work for a media loop: some dozens in each message, some
    // messages a second while a window is resized.
    private static final int WISH_BURST = 2000;
    private static final int WISHES_PER_SECOND = 200;

    // Given.
    private final Room room;
    private final PeerLink link;
    private final PeerName name;
    private final JoinConfig config;
    private final Caller caller;
    private final Grants decided;
    private final boolean resumed;

    // Owned.
    private final Ingress ingress;
    private final Egress egress;
    private final TokenBucket messages;
    private final TokenBucket wishes;

    // State.
    private Rights rights;
    private Notification.@Nullable RoomChanged lastToldRoom;
    private boolean understandsWantedLayers;

    /**
     * A peer that is not in the room yet.
     *
     * @param decided what it may do, as decided at the door
     * @param rights what it may do now
     * @param layout what to continue on the subscriber connection; null: nothing
     */
    Peer(
            Room room,
            PeerLink link,
            PeerName name,
            JoinConfig config,
            Caller caller,
            Grants decided,
            Rights rights,
            @Nullable SubscriberLayout layout) {
        this.room = room;
        this.link = link;
        this.name = name;
        this.config = config;
        this.caller = caller;
        this.decided = decided;
        this.rights = rights;
        this.resumed = layout != null;
        this.ingress = switch (config.connections()) {
            case TWO, INGRESS -> new Publisher(room, this);
            case EGRESS -> Ingress.NONE;
            case INJECTED -> new Injection(room, this);
        };
        this.egress = switch (config.connections()) {
            case TWO -> new Subscriber(room, this, layout);
            case INGRESS, INJECTED -> Egress.NONE;
            case EGRESS -> new Viewer(room, this);
        };
        long now = room.context().scheduler().nanoTime();
        this.messages = new TokenBucket(MESSAGE_BURST, MESSAGES_PER_SECOND, now);
        this.wishes = new TokenBucket(WISH_BURST, WISHES_PER_SECOND, now);
    }

    PeerLink link() {
        return link;
    }

    PeerName name() {
        return name;
    }

    JoinConfig config() {
        return config;
    }

    Caller caller() {
        return caller;
    }

    /** It is there for those who wait in the lobby: they alone get what it sends, it gets nothing, and it is nobody in the meeting. */
    boolean attends() {
        return caller.attends();
    }

    /** Under what things are laid down for it. */
    Subject subject() {
        return Subject.of(caller, name);
    }

    Grants decided() {
        return decided;
    }

    /** It was in the room before this node hosted it. */
    boolean isResumed() {
        return resumed;
    }

    Rights rights() {
        return rights;
    }

    void setRights(Rights now) {
        rights = now;
    }

    /** Says what a moderator must know, if it has not been said. */
    void tellRoom(Notification.RoomChanged news) {
        if (!news.equals(lastToldRoom)) {
            lastToldRoom = news;
            link.notify(news);
        }
    }

    Ingress ingress() {
        return ingress;
    }

    Egress egress() {
        return egress;
    }

    /** Answers an offer of its client's; a refused one leaves everything as it was. */
    Ingress.Outcome answer(String offer) {
        if (config.connections() == Connections.EGRESS) {
            return Ingress.Outcome.ofAnother(egress.answer(offer));
        }
        Ingress.Outcome outcome = ingress.answer(offer);
        if (config.connections() == Connections.INGRESS && ingress.tracks().isEmpty()) {
            throw outcome.refused().isEmpty()
                    ? new RoomException(Code.INVALID, "error creating answer: nothing is sent that can be taken")
                    : new RoomException(Code.FORBIDDEN, Ingress.REFUSED);
        }
        return outcome;
    }

    /** Others are offered something of it. */
    boolean publishes() {
        return ingress.tracks().stream().anyMatch(Track::isOffered);
    }

    /**
     * One connection has ended. {@code client.leave()} closes both but not the socket: then the peer leaves, and may join
     * again. What ends for another reason can't be repaired in place, and the page is told to rejoin.
     */
    void transportClosed(TransportRole role, MediaEnd end) {
        LOG.log(Level.INFO, () -> this + ": " + role + " transport closed: " + PlainText.of(end.text()));
        if (end != MediaEnd.CLOSED_BY_CLIENT) {
            room.expel(this, CloseCause.mediaFailed(end.text()));
        } else if (!ingress.isLive() && !egress.isLive()) {
            if (room.remove(this)) {
                link.left();
            }
        }
    }

    /** False for what exceeds a peer's share of data channel messages; it is dropped. */
    boolean maySendMessage() {
        return messages.tryTake(room.context().scheduler().nanoTime());
    }

    /** False for what exceeds a peer's share of wishes; they are dropped. */
    boolean mayWish(int count) {
        return wishes.tryTake(count, room.context().scheduler().nanoTime());
    }

    /** Its client knows what to do when it is told which of its encodings nobody takes. */
    boolean understandsWantedLayers() {
        return understandsWantedLayers;
    }

    void understandsWantedLayers(boolean now) {
        understandsWantedLayers = now;
    }

    void closeMedia() {
        ingress.close();
        egress.close();
    }

    @Override
    public String toString() {
        return room.id() + "/" + name;
    }
}
