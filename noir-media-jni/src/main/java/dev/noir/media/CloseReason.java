package dev.noir.media;

/** Why a transport is {@link TransportState#CLOSED}. */
public enum CloseReason {
    /** Closed by command, or not closed. */
    NONE(0),
    /** RFC 7675: the client no longer answers for its address. */
    CONSENT_EXPIRED(1),
    /** The client ended DTLS. */
    DTLS_CLOSED(2),
    DTLS_FAILED(3),
    /** The certificate is not the one the client's description announced. */
    FINGERPRINT_MISMATCH(4),
    HANDSHAKE_TIMEOUT(5),
    /** A broken assumption of ours; only this transport dies of it. */
    BUG(6);

    /** On the wire from native code: append only. */
    final int code;

    CloseReason(int code) {
        this.code = code;
    }

    static CloseReason of(int code) {
        for (CloseReason reason : values()) {
            if (reason.code == code) {
                return reason;
            }
        }
        throw new MediaException(ErrorCode.MALFORMED, "unknown close reason " + code);
    }
}
