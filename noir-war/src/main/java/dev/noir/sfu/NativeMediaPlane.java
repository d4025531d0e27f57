package dev.noir.sfu;

import dev.noir.media.LoopCounters;
import dev.noir.media.LoopQuality;
import dev.noir.media.MediaCertificate;
import dev.noir.media.MediaConfig;
import dev.noir.media.MediaLimits;
import dev.noir.media.MediaLoop;
import dev.noir.room.MediaPlane;
import dev.noir.room.MediaRoom;
import dev.noir.room.RoomException;
import dev.noir.room.RoomId;
import dev.noir.sdp.Fingerprint;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.function.Predicate;

/**
 * The media plane on native loops. A room lives on the loop that has the least to do when it opens; a large one spreads
 * its subscribers over the others. Thread: any.
 */
public final class NativeMediaPlane implements MediaPlane, AutoCloseable {
    private static final Logger LOG = System.getLogger(NativeMediaPlane.class.getName());

    // Owned.
    private final Fingerprint fingerprint;
    private final List<LoopHost> hosts = new ArrayList<>();

    // Given.
    private final int subscribersPerLoop;
    private final Runnable changed;

    private final boolean hasPagesPort;

    private NativeMediaPlane(Fingerprint fingerprint, int subscribersPerLoop, Runnable changed, boolean hasPagesPort) {
        this.fingerprint = fingerprint;
        this.hasPagesPort = hasPagesPort;
        this.subscribersPerLoop = subscribersPerLoop;
        this.changed = changed;
    }

    /**
     * Binds every loop's sockets, then starts the loops.
     *
     * @param tasks gets the frames of taps
     * @param changed is run with each transport that comes or goes
     * @throws dev.noir.media.MediaException when an address or port can't be had; nothing is left open then
     */
    public static NativeMediaPlane open(
            MediaPlaneConfig config, ThreadFactory threads, Executor tasks, Runnable changed) {
        return open(config, threads, tasks, changed, SubscriberPlaces.SUBSCRIBERS_PER_LOOP);
    }

    static NativeMediaPlane open(
            MediaPlaneConfig config, ThreadFactory threads, Executor tasks, Runnable changed, int subscribersPerLoop) {
        MediaCertificate certificate = MediaCertificate.generate();
        OptionalInt pagesPort =
                config.pagesPort().isPresent() && PagesPort.isPossible() ? config.pagesPort() : OptionalInt.empty();
        NativeMediaPlane plane = new NativeMediaPlane(
                Fingerprint.ofSha256(certificate.sha256()), subscribersPerLoop, changed, pagesPort.isPresent());
        List<InetAddress> bound =
                config.bindAddresses().isEmpty() ? MediaLoop.defaultAddresses() : config.bindAddresses();
        List<InetAddress> announced = config.announcedAddresses().isEmpty() ? bound : config.announcedAddresses();
        try {
            for (int i = 0; i < config.loops(); i++) {
                int port = config.port() == 0 ? 0 : config.port() + i;
                plane.hosts.add(new LoopHost(
                        i,
                        new MediaConfig(
                                port,
                                bound,
                                certificate,
                                MediaLimits.DEFAULT,
                                config.node(),
                                config.audio(),
                                config.tcp(),
                                config.playoutDelay()),
                        announced,
                        pagesPort,
                        tasks));
            }
            LoopHost.connect(plane.hosts);
            plane.hosts.forEach(host -> host.start(threads));
        } catch (RuntimeException | Error e) {
            plane.closeAfter(e);
            throw e;
        }
        plane.warnOfMissingTcp(config);
        LOG.log(
                Level.INFO,
                () -> "Media on UDP ports "
                        + plane.hosts.stream().map(LoopHost::port).toList() + " of "
                        + bound.stream().map(InetAddress::getHostAddress).toList() + ", announced as "
                        + announced.stream().map(InetAddress::getHostAddress).toList());
        return plane;
    }

    private void warnOfMissingTcp(MediaPlaneConfig config) {
        List<Integer> missing = hosts.stream()
                .filter(host -> !host.acceptsTcp())
                .map(LoopHost::port)
                .toList();
        if (config.tcp() && !missing.isEmpty()) {
            LOG.log(
                    Level.WARNING,
                    () -> "TCP ports " + missing + " cannot be had: who has no UDP cannot join there."
                            + " Free them, or say noir.media.tcp=false");
        }
    }

    @Override
    public MediaRoom openRoom(RoomId room, Executor events, MediaRoom.Events listener) {
        LoopHost host = hosts.stream()
                .filter(LoopHost::isAlive)
                .min(Comparator.comparingInt(LoopHost::load))
                .orElseThrow(() ->
                        new RoomException(RoomException.Code.UNAVAILABLE, "the media plane of this server has failed"));
        SubscriberPlaces places = new SubscriberPlaces(host, hosts, subscribersPerLoop);
        NativeRoom opened = new NativeRoom(room, host, places, fingerprint, events, listener, changed);
        host.add(opened);
        return opened;
    }

    /**
     * What tells connections for media from others, and takes them: for who listens on {@link MediaPlaneConfig#pagesPort}. True
     * when it has taken one, whose channel is to be closed then without a shutdown. Empty when there is no such port, or this
     * JDK makes it impossible.
     */
    public Optional<Predicate<SocketChannel>> pagesPort() {
        return hasPagesPort ? Optional.of(new PagesPort(hosts)) : Optional.empty();
    }

    /** Every loop runs. When one has failed its rooms are lost, and the node should get no new ones. */
    public boolean isHealthy() {
        return hosts.stream().allMatch(LoopHost::isAlive);
    }

    /** What each loop has done and holds, in the order of the ports. */
    public List<CompletableFuture<LoopCounters>> counters() {
        return hosts.stream().map(LoopHost::counters).toList();
    }

    /** How well each loop serves its subscribers, in the same order. */
    public List<CompletableFuture<LoopQuality>> quality() {
        return hosts.stream().map(LoopHost::quality).toList();
    }

    /** Those since they were taken last, of each loop, in the same order; of very many the first few. */
    public List<CompletableFuture<List<NamedSwitch>>> takeLayerSwitches() {
        return hosts.stream().map(LoopHost::takeLayerSwitches).toList();
    }

    /** The ids of their threads, in the same order; 0: not there yet. */
    public List<Long> threads() {
        return hosts.stream().map(LoopHost::threadId).toList();
    }

    /** Who wants to know of transports that fail. */
    public void watch(TransportWatch watch) {
        hosts.forEach(host -> host.watch(watch));
    }

    private void closeAfter(Throwable failure) {
        try {
            close();
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    /** Ends the loops with everything on them, and waits for their threads. One that does not end keeps no other running. */
    @Override
    public void close() {
        RuntimeException failure = null;
        for (LoopHost host : hosts) {
            try {
                host.close();
            } catch (RuntimeException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
