package dev.noir.sfu;

import dev.noir.room.MediaRoom;
import dev.noir.room.MediaTransport;
import dev.noir.room.TransportRole;
import dev.noir.sdp.Fingerprint;
import dev.noir.sdp.IceCredentials;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/** A room on its loop, with subscribers on others when it is large. Thread: any. */
final class NativeRoom implements MediaRoom {
    // Given.
    private final LoopHost host;
    private final SubscriberPlaces places;
    private final Fingerprint fingerprint;
    private final Executor events;
    private final Runnable lost;
    private final Runnable changed;

    private final AtomicBoolean toldLost = new AtomicBoolean();

    /** {@code changed} is run with each transport that comes or goes. */
    NativeRoom(
            LoopHost host,
            SubscriberPlaces places,
            Fingerprint fingerprint,
            Executor events,
            Runnable lost,
            Runnable changed) {
        this.host = host;
        this.places = places;
        this.fingerprint = fingerprint;
        this.events = events;
        this.lost = lost;
        this.changed = changed;
    }

    @Override
    public Fingerprint fingerprint() {
        return fingerprint;
    }

    @Override
    public MediaTransport openTransport(TransportRole role, IceCredentials local, MediaTransport.Events listener) {
        NativeTransport transport =
                switch (role) {
                    case PUBLISHER -> new NativeTransport(host, host, events, listener, changed);
                    case SUBSCRIBER -> {
                        SubscriberPlaces.Place place = places.take();
                        yield new NativeTransport(host, place.host(), events, listener, () -> {
                            place.giveBack();
                            changed.run();
                        });
                    }
                };
        transport.open(role, local);
        changed.run();
        return transport;
    }

    void lost() {
        if (toldLost.compareAndSet(false, true)) {
            events.execute(lost);
        }
    }

    @Override
    public void close() {
        host.remove(this);
    }
}
