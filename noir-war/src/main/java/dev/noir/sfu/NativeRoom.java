package dev.noir.sfu;

import dev.noir.room.MediaChannel;
import dev.noir.room.MediaInjector;
import dev.noir.room.MediaRoom;
import dev.noir.room.MediaTransport;
import dev.noir.room.PeerName;
import dev.noir.room.RoomId;
import dev.noir.room.TransportRole;
import dev.noir.sdp.Fingerprint;
import dev.noir.sdp.IceCredentials;
import dev.noir.sdp.IcePlace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A room on its loop, with subscribers on others when it is large. Thread: any. */
final class NativeRoom implements MediaRoom {
    private static final AtomicInteger LAST_GROUP = new AtomicInteger();

    // Given.
    private final RoomId room;
    private final LoopHost host;
    private final SubscriberPlaces places;
    private final Fingerprint fingerprint;
    private final Executor events;
    private final Events listener;
    private final Runnable changed;

    /** By which the loops know whose transports belong together: positive; after a thousand million rooms they come again. */
    private final int group = (LAST_GROUP.getAndIncrement() & (Integer.MAX_VALUE >> 1)) + 1;

    private final AtomicBoolean toldLost = new AtomicBoolean();
    private final Set<NativeInjector> injectors = ConcurrentHashMap.newKeySet();
    private final WaitingMessages waiting = new WaitingMessages(WaitingMessages.OF_ROOM);

    /** {@code changed} is run with each transport that comes or goes. */
    NativeRoom(
            RoomId room,
            LoopHost host,
            SubscriberPlaces places,
            Fingerprint fingerprint,
            Executor events,
            Events listener,
            Runnable changed) {
        this.room = room;
        this.host = host;
        this.places = places;
        this.fingerprint = fingerprint;
        this.events = events;
        this.listener = listener;
        this.changed = changed;
    }

    @Override
    public Fingerprint fingerprint() {
        return fingerprint;
    }

    @Override
    public MediaTransport openTransport(
            PeerName peer,
            TransportRole role,
            Function<IcePlace, IceCredentials> local,
            MediaTransport.Events listener) {
        Whose whose = new Whose(room.value(), peer.value());
        NativeTransport transport =
                switch (role) {
                    case PUBLISHER -> new NativeTransport(whose, host, host, group, events, listener, waiting, changed);
                    case SUBSCRIBER -> {
                        SubscriberPlaces.Place place = places.take();
                        yield new NativeTransport(whose, host, place.host(), group, events, listener, waiting, () -> {
                            place.giveBack();
                            changed.run();
                        });
                    }
                };
        transport.open(role, local.apply(transport.place()));
        changed.run();
        return transport;
    }

    @Override
    public MediaInjector openInjector(PeerName peer, MediaInjector.Events listener) {
        NativeInjector injector =
                new NativeInjector(new Whose(room.value(), peer.value()), host, group, events, listener, ended -> {
                    injectors.remove(ended);
                    changed.run();
                });
        injectors.add(injector);
        injector.open();
        changed.run();
        return injector;
    }

    /** A channel of another plane's room is none of ours: tests have such. */
    @Override
    public boolean send(Collection<MediaChannel> to, boolean binary, byte[] message) {
        Map<LoopHost, List<NativeTransport.Channel>> byHost = new HashMap<>();
        for (MediaChannel channel : to) {
            if (channel instanceof NativeTransport.Channel ours) {
                byHost.computeIfAbsent(ours.host(), host -> new ArrayList<>()).add(ours);
            }
        }
        boolean taken = true;
        for (Map.Entry<LoopHost, List<NativeTransport.Channel>> loop : byHost.entrySet()) {
            taken &= loop.getKey().send(loop.getValue(), binary, message);
        }
        return taken;
    }

    void lost() {
        if (toldLost.compareAndSet(false, true)) {
            injectors.forEach(NativeInjector::lost);
            events.execute(listener::onLost);
        }
    }

    /** As the loops name it. */
    int group() {
        return group;
    }

    /** Thread: loop. */
    void speakers(int[] streams) {
        List<Integer> numbers = Arrays.stream(streams).boxed().toList();
        events.execute(() -> listener.onSpeakers(numbers));
    }

    @Override
    public void close() {
        host.remove(this);
    }
}
