package dev.noir.room;

import dev.noir.sdp.Fingerprint;
import dev.noir.sdp.IceCredentials;

/** A room's place in the media plane. Thread: rooms. */
public interface MediaRoom {
    /** Of the certificate all its transports show. */
    Fingerprint fingerprint();

    /** The server's end of a connection; it waits for {@link MediaTransport#setRemote} before it does anything. */
    MediaTransport openTransport(TransportRole role, IceCredentials local, MediaTransport.Events events);

    /** Gives the place back. All transports have been closed before. Thread: any. */
    void close();
}
