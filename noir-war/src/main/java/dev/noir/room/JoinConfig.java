package dev.noir.room;

/**
 * The wire's join {@code config}. Whatever is set, the join is answered, and who has two connections gets the API channel.
 *
 * @param noPublish media the client offers is refused
 * @param noSubscribe nobody's tracks are offered to the client
 * @param noAutoSubscribe nothing is offered until asked for: {@link ModerationCommand.Subscribe}
 * @param trackEvents the client wants to hear which tracks there are
 * @param connections which it has
 * @param watched with {@link Connections#EGRESS}: the name of the peer it wants to see; empty: whoever sends
 */
public record JoinConfig(
        boolean noPublish,
        boolean noSubscribe,
        boolean noAutoSubscribe,
        boolean trackEvents,
        Connections connections,
        String watched) {
    public static final JoinConfig NONE = new JoinConfig(false, false, false);

    /** Of somebody who sends, and wants nothing. */
    public static final JoinConfig INGRESS = new JoinConfig(false, true, false, false, Connections.INGRESS, "");

    /** Of something that is played. */
    public static final JoinConfig INJECTED = new JoinConfig(false, true, false, false, Connections.INJECTED, "");

    /** Of somebody with two connections. */
    public JoinConfig(boolean noPublish, boolean noSubscribe, boolean noAutoSubscribe, boolean trackEvents) {
        this(noPublish, noSubscribe, noAutoSubscribe, trackEvents, Connections.TWO, "");
    }

    /** Of somebody who does not want to hear of tracks. */
    public JoinConfig(boolean noPublish, boolean noSubscribe, boolean noAutoSubscribe) {
        this(noPublish, noSubscribe, noAutoSubscribe, false);
    }

    /** Of somebody who only watches, this peer or, where it is empty, whoever sends. */
    public static JoinConfig egress(String watched) {
        return new JoinConfig(true, false, false, false, Connections.EGRESS, watched);
    }

    /** The same, of somebody who does. */
    public JoinConfig withTrackEvents() {
        return new JoinConfig(noPublish, noSubscribe, noAutoSubscribe, true, connections, watched);
    }

    boolean subscribes() {
        return !noSubscribe && !noAutoSubscribe;
    }
}
