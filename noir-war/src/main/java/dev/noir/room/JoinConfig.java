package dev.noir.room;

/**
 * The wire's join {@code config}. Whatever is set, the join is answered and the API channel is opened.
 *
 * @param noPublish media the client offers is refused
 * @param noSubscribe nobody's tracks are offered to the client
 * @param noAutoSubscribe nothing is offered until asked for, which JSON-RPC has no words for
 */
public record JoinConfig(boolean noPublish, boolean noSubscribe, boolean noAutoSubscribe) {
    public static final JoinConfig NONE = new JoinConfig(false, false, false);

    boolean subscribes() {
        return !noSubscribe && !noAutoSubscribe;
    }
}
