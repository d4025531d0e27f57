package dev.noir.media;

/**
 * Our half of a new transport; ufrag and pwd go into the session description as they are.
 *
 * @param group transports of one room have the same, and share what a room gets of a loop that is asked for too much; 0 =
 *     none
 */
public record TransportParams(TransportRole role, String localUfrag, String localPwd, int group) {
    /** Of an injector of a group, which has no connection. */
    public static TransportParams injector(int group) {
        return new TransportParams(TransportRole.INJECTOR, "", "", group);
    }
}
