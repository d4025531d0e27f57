package dev.noir.signal;

/** Something came from a client whose socket has been closed by us. No fault of ours: it has no stack trace. */
final class SocketOverException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SocketOverException() {
        super("the socket is over", null, false, false);
    }
}
