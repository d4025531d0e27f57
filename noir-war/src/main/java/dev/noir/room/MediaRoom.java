package dev.noir.room;

import dev.noir.sdp.Fingerprint;
import dev.noir.sdp.IceCredentials;
import dev.noir.sdp.IcePlace;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/** A room's place in the media plane. Thread: rooms. */
public interface MediaRoom {
    /** What it reports. Thread: rooms. */
    interface Events {
        /** The place is gone and every transport with it. Once. */
        void onLost();

        /** Others speak than before, or in another order: streams as in {@link MediaTransport#addTrack}, loudest first. */
        void onSpeakers(List<Integer> streams);
    }

    /** Of the certificate all its transports show. */
    Fingerprint fingerprint();

    /**
     * The server's end of a connection; it waits for {@link MediaTransport#setRemote} before it does anything.
     *
     * @param peer whose it is, for whoever is told what becomes of it
     * @param local the credentials of a transport that lives there
     */
    MediaTransport openTransport(
            PeerName peer, TransportRole role, Function<IcePlace, IceCredentials> local, MediaTransport.Events events);

    /** An end for media of the server's own, for a peer that has no client. It is closed before the room is. */
    MediaInjector openInjector(PeerName peer, MediaInjector.Events events);

    /**
     * Sends a message on channels of this room's transports, with one command for each loop that has any.
     *
     * @return false when the loops have too much to do to take it: nobody gets it
     */
    boolean send(Collection<MediaChannel> to, boolean binary, byte[] message);

    /** Gives the place back. All transports and injectors have been closed before. Thread: any. */
    void close();
}
