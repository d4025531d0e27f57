package dev.noir.room;

/**
 * The wire's join {@code config}. Whatever is set, the join is answered and the API channel is opened.
 *
 * @param noPublish media the client offers is refused
 * @param noSubscribe nobody's tracks are offered to the client
 * @param noAutoSubscribe nothing is offered until asked for: {@link ModerationCommand.Subscribe}
 * @param trackEvents the client wants to hear which tracks there are
 */
public record JoinConfig(boolean noPublish, boolean noSubscribe, boolean noAutoSubscribe, boolean trackEvents) {
    public static final JoinConfig NONE = new JoinConfig(false, false, false);

    /** Of somebody who does not want to hear of tracks. */
    public JoinConfig(boolean noPublish, boolean noSubscribe, boolean noAutoSubscribe) {
        this(noPublish, noSubscribe, noAutoSubscribe, false);
    }

    /** The same, of somebody who does. */
    public JoinConfig withTrackEvents() {
        return new JoinConfig(noPublish, noSubscribe, noAutoSubscribe, true);
    }

    boolean subscribes() {
        return !noSubscribe && !noAutoSubscribe;
    }
}
