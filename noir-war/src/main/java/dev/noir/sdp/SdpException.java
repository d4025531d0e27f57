package dev.noir.sdp;

/**
 * A session description, or a piece of one, that we cannot accept. The message is written for the client that sent it
 * and never quotes more than a few characters of its input.
 */
public final class SdpException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public SdpException(String message) {
        super(message);
    }
}
