package dev.noir.sfu;

import dev.noir.media.ChannelCloseReason;
import dev.noir.media.CloseReason;
import dev.noir.media.LayerSwitch;
import dev.noir.media.LoopCommands;
import dev.noir.media.LoopCounters;
import dev.noir.media.LoopQuality;
import dev.noir.media.LoopTask;
import dev.noir.media.MediaConfig;
import dev.noir.media.MediaEvents;
import dev.noir.media.MediaException;
import dev.noir.media.MediaLoop;
import dev.noir.media.TapFrame;
import dev.noir.media.TapId;
import dev.noir.media.TrackId;
import dev.noir.media.TransportId;
import dev.noir.media.TransportState;
import dev.noir.sdp.IceCandidate;
import dev.noir.sdp.IcePlace;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One media loop with its thread, the rooms that live on it and the subscribers that it serves for rooms of others.
 *
 * <p>Thread: {@code on…} and tasks loop; the rest any.
 */
final class LoopHost implements MediaEvents {
    private static final Logger LOG = System.getLogger(LoopHost.class.getName());

    // Given.
    private final int index;
    private final int node;
    private final Executor tasks;

    // Owned.
    private final MediaLoop loop;
    private final List<IceCandidate> candidates;
    private final Map<Integer, NativeRoom> rooms = new ConcurrentHashMap<>(); // By group.
    private final Set<NativeTransport> guests = ConcurrentHashMap.newKeySet();
    private final AtomicInteger load = new AtomicInteger();
    private final WaitingMessages waiting = new WaitingMessages(WaitingMessages.OF_LOOP);

    // Owned by the loop thread.
    private final Map<TransportId, NativeTransport> transports = new HashMap<>();
    private final Map<TrackId, NativeTrack> tracks = new HashMap<>();
    private final Map<TapId, NativeTap> taps = new HashMap<>();
    private final Map<TransportId, NativeInjector> injectors = new HashMap<>();
    private final Map<TrackId, NativeInjectedTrack> injected = new HashMap<>();

    // Volatile: set by whoever closes and by the loop thread, read by both and by health checks.
    private volatile boolean closing;
    private volatile boolean ended;
    private volatile long threadId;
    private volatile TransportWatch watch = (at, whose, reason) -> {};

    /** Binds the sockets. {@code announced} are offered to clients. */
    LoopHost(int index, MediaConfig config, List<InetAddress> announced, Executor tasks) {
        this(index, config, announced, OptionalInt.empty(), tasks);
    }

    /**
     * @param pagesPort where clients can come by TCP, too, and are handed over by who listens there
     * @param tasks for what no loop may wait for
     */
    LoopHost(int index, MediaConfig config, List<InetAddress> announced, OptionalInt pagesPort, Executor tasks) {
        this.index = index;
        this.node = config.node();
        this.tasks = tasks;
        this.loop = MediaLoop.open(config, this);
        this.candidates = candidates(loop, announced, pagesPort);
    }

    private static List<IceCandidate> candidates(MediaLoop loop, List<InetAddress> announced, OptionalInt pagesPort) {
        Stream<IceCandidate> udp = IntStream.range(0, announced.size())
                .mapToObj(i -> IceCandidate.host(i, announced.get(i).getHostAddress(), loop.port()));
        Stream<IceCandidate> tcp = IntStream.range(0, loop.acceptsTcp() ? announced.size() : 0)
                .mapToObj(i -> IceCandidate.passive(i, announced.get(i).getHostAddress(), loop.port()));
        int next = announced.size();
        Stream<IceCandidate> pages = pagesPort.stream().boxed().flatMap(port -> IntStream.range(0, next)
                .mapToObj(i -> IceCandidate.passive(next + i, announced.get(i).getHostAddress(), port)));
        return Stream.concat(udp, Stream.concat(tcp, pages)).toList();
    }

    /** Makes the loops of a plane known to each other, before any of them starts; their order is that of the indexes. */
    static void connect(List<LoopHost> hosts) {
        MediaLoop.connect(hosts.stream().map(host -> host.loop).toList());
    }

    void start(ThreadFactory threads) {
        threads.newThread(this::run).start();
    }

    private void run() {
        Thread thread = Thread.currentThread();
        String lentName = thread.getName();
        thread.setName("noir-loop-" + index);
        threadId = thread.getId();
        try {
            loop.run();
        } catch (MediaException e) {
            LOG.log(Level.ERROR, "media loop " + index + " failed", e);
        } finally {
            ended = true;
            thread.setName(lentName);
            taps.values().forEach(NativeTap::ended);
            if (!closing) {
                // Loop-fatal: its rooms are lost, the other loops go on (docs/lifecycles.md).
                rooms.values().forEach(NativeRoom::lost);
                guests.forEach(NativeTransport::lost);
            }
        }
    }

    boolean isAlive() {
        return !ended;
    }

    /** Of the thread that it runs on; 0: it has not begun to. */
    long threadId() {
        return threadId;
    }

    void watch(TransportWatch told) {
        watch = told;
    }

    /** For what no loop may wait for. */
    Executor tasks() {
        return tasks;
    }

    /** Its place among the loops of the plane. */
    int index() {
        return index;
    }

    /** Of a transport on this loop. */
    IcePlace place(int room) {
        return new IcePlace(node, index, room);
    }

    int port() {
        return loop.port();
    }

    /** A connection of which nothing has been read; false when there is no room for it. */
    boolean adopt(SocketChannel connection) {
        return loop.adopt(connection);
    }

    boolean acceptsTcp() {
        return loop.acceptsTcp();
    }

    List<IceCandidate> candidates() {
        return candidates;
    }

    /**
     * How much it has to do: tracks in and out, each of which is packets; and subscribers and rooms, whose tracks are
     * still to come, so that a burst of them spreads. Not the transports of publishers, which cost next to nothing.
     */
    int load() {
        return load.get() + rooms.size();
    }

    void addLoad(int parts) {
        load.addAndGet(parts);
    }

    void add(NativeRoom room) {
        rooms.put(room.group(), room);
        if (ended) {
            room.lost();
        }
    }

    void remove(NativeRoom room) {
        rooms.remove(room.group(), room);
    }

    /** A transport of a room of another loop. */
    void addGuest(NativeTransport guest) {
        guests.add(guest);
        if (ended) {
            guest.lost();
        }
    }

    void removeGuest(NativeTransport guest) {
        guests.remove(guest);
    }

    /** In the order of posting; false, and not at all, when the loop has ended. */
    boolean post(LoopTask task) {
        return loop.post(task);
    }

    /**
     * One message on channels of this loop, by one command.
     *
     * @return false when too many messages wait for the loop already; other tasks are always taken
     */
    boolean send(List<NativeTransport.Channel> to, boolean binary, byte[] message) {
        if (!waiting.tryAdd(message.length)) {
            return false;
        }
        return loop.post(new LoopTask() {
            @Override
            public int weight() {
                return to.size();
            }

            @Override
            public void execute(LoopCommands commands) {
                waiting.remove(message.length);
                sendNow(commands, to, binary, message);
            }
        });
    }

    private static void sendNow(
            LoopCommands commands, List<NativeTransport.Channel> to, boolean binary, byte[] message) {
        int[] transports = new int[to.size()];
        int[] streamIds = new int[to.size()];
        int open = 0;
        for (NativeTransport.Channel channel : to) {
            TransportId transport = channel.transport();
            if (transport != null) {
                transports[open] = transport.value();
                streamIds[open] = channel.streamId();
                open++;
            }
        }
        commands.sendAll(Arrays.copyOf(transports, open), Arrays.copyOf(streamIds, open), binary, message);
    }

    CompletableFuture<LoopCounters> counters() {
        return ask(LoopCommands::counters);
    }

    CompletableFuture<LoopQuality> quality() {
        return ask(LoopCommands::quality);
    }

    CompletableFuture<List<NamedSwitch>> takeLayerSwitches() {
        return ask(commands ->
                commands.takeLayerSwitches().stream().map(this::named).toList());
    }

    /** Thread: loop. */
    NamedSwitch named(LayerSwitch what) {
        Optional<NativeTransport> subscriber = Optional.ofNullable(transports.get(what.subscriber()));
        Optional<NativeTrack.Label> source = subscriber.flatMap(transport -> transport.label(what.track()));
        return new NamedSwitch(
                subscriber.map(NativeTransport::whose).orElse(Whose.UNKNOWN),
                source.map(label -> label.owner().peer()).orElse(""),
                source.map(NativeTrack.Label::stream).orElse(""),
                what);
    }

    /** In the order of posting; fails when the loop has ended. Completed by the loop thread. */
    <T> CompletableFuture<T> ask(Function<LoopCommands, T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        boolean posted = loop.post(commands -> {
            try {
                answer.complete(question.apply(commands));
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        if (!posted) {
            answer.completeExceptionally(new IllegalStateException("media loop " + index + " has ended"));
        }
        return answer;
    }

    /** Waits for the loop thread. */
    void close() {
        closing = true;
        loop.close();
    }

    /** Thread: loop. */
    void register(TransportId id, NativeTransport transport) {
        transports.put(id, transport);
    }

    /** Thread: loop. */
    void unregister(TransportId id) {
        transports.remove(id);
        injectors.remove(id);
    }

    /** It is told what the loop says of it. Thread: loop. */
    void register(TrackId id, NativeTrack track) {
        tracks.put(id, track);
    }

    /** Thread: loop. */
    void unregister(TrackId id) {
        tracks.remove(id);
        injected.remove(id);
    }

    /** Thread: loop. */
    void register(TransportId id, NativeInjector injector) {
        injectors.put(id, injector);
    }

    /** Thread: loop. */
    void register(TrackId id, NativeInjectedTrack track) {
        injected.put(id, track);
    }

    /** Thread: loop. */
    void register(TapId id, NativeTap tap) {
        taps.put(id, tap);
    }

    /** Thread: loop. */
    void unregister(TapId id) {
        taps.remove(id);
    }

    @Override
    public void onTransportState(TransportId id, TransportState state, CloseReason reason) {
        with(id, transport -> transport.stateChanged(state, reason));
        if (state == TransportState.CLOSED) {
            @Nullable NativeTransport transport = transports.remove(id);
            @Nullable NativeInjector injector = injectors.remove(id);
            if (injector != null) {
                injector.closed(reason);
            }
            if (reason != CloseReason.NONE) {
                watch.ended(index, whose(transport, injector), reason);
            }
        }
    }

    private static Whose whose(@Nullable NativeTransport transport, @Nullable NativeInjector injector) {
        if (transport != null) {
            return transport.whose();
        }
        return injector == null ? Whose.UNKNOWN : injector.whose();
    }

    @Override
    public void onTrackActive(TrackId track, int encoding) {
        // Nobody waits for it: subscribers are offered a track when it is negotiated.
    }

    @Override
    public void onLayersWanted(TrackId id, int encodings) {
        NativeTrack track = tracks.get(id);
        if (track != null) {
            track.layersWanted(encodings);
        }
    }

    @Override
    public void onEncodingLearned(TrackId id, int encoding, long ssrc, long rtxSsrc) {
        NativeTrack track = tracks.get(id);
        if (track != null) {
            track.encodingLearned(encoding, ssrc, rtxSsrc);
        }
    }

    @Override
    public void onChannelOpen(TransportId id, int streamId, String label, boolean reliable) {
        with(id, transport -> transport.channelOpened(streamId, label, reliable));
    }

    @Override
    public void onChannelClosed(TransportId id, int streamId, ChannelCloseReason reason) {
        with(id, transport -> transport.channelClosed(streamId, reason));
    }

    @Override
    public void onChannelMessage(TransportId id, int streamId, boolean binary, byte[] message) {
        with(id, transport -> transport.channelMessage(streamId, binary, message));
    }

    @Override
    public void onTapFrame(TapId id, TapFrame frame) {
        @Nullable NativeTap tap = taps.get(id);
        if (tap != null) {
            tap.frame(frame);
        }
    }

    @Override
    public void onTapEnded(TapId id) {
        @Nullable NativeTap tap = taps.remove(id);
        if (tap != null) {
            tap.ended();
        }
    }

    @Override
    public void onKeyFrameWanted(TrackId id) {
        @Nullable NativeInjectedTrack track = injected.get(id);
        if (track != null) {
            track.keyFrameWanted();
        }
    }

    @Override
    public void onSpeakers(int group, int[] streams) {
        @Nullable NativeRoom room = rooms.get(group);
        if (room != null) {
            room.speakers(streams);
        }
    }

    private void with(TransportId id, Consumer<NativeTransport> action) {
        @Nullable NativeTransport transport = transports.get(id);
        if (transport != null) {
            action.accept(transport);
        }
    }
}
