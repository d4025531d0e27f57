package dev.noir.room;

/** Why a transport is {@link TransportState#CLOSED}. */
public enum MediaEnd {
    /** Not closed. */
    NONE("not closed"),
    /** The client ended DTLS properly: its RTCPeerConnection was closed. */
    CLOSED_BY_CLIENT("closed by the client"),
    /** RFC 7675. */
    CONSENT_EXPIRED("the network path was lost"),
    DTLS_FAILED("the DTLS handshake failed"),
    FINGERPRINT_MISMATCH("the certificate does not match the announced fingerprint"),
    HANDSHAKE_TIMEOUT("no connection came about, is UDP blocked?"),
    REFUSED("the server has no room for more connections"),
    BUG("internal error");

    private final String text;

    MediaEnd(String text) {
        this.text = text;
    }

    /** For people. */
    public String text() {
        return text;
    }
}
