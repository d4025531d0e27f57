package dev.noir.restreaming;

import dev.noir.access.Caller;
import dev.noir.access.Names;
import dev.noir.room.RoomException;
import dev.noir.room.RoomException.Code;
import dev.noir.room.RoomId;
import dev.noir.room.Scheduler;
import dev.noir.room.SerialExecutor;
import dev.noir.room.TrackWatch;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** All that is sent out of the rooms of this node. Thread: any. */
public final class Restreamer {
    public static final int MAX_URL_CHARS = RtmpTarget.MAX_CHARS;

    /** Where tracks are found. */
    public interface Rooms {
        /** @throws RoomException when the room is not here */
        void watch(RoomId room, TrackWatch watch);

        void unwatch(RoomId room, TrackWatch watch);

        /** Whether its rules let somebody watch who knows where: false when the room is not here. */
        boolean mayWatch(RoomId room, Caller caller);
    }

    /**
     * What the operator has laid down.
     *
     * @param ffmpeg path of the program; empty: nothing is sent
     * @param maxStreams at once
     * @param hls where what players get is written; empty: there is no HLS
     */
    public record Terms(String ffmpeg, TargetRules targets, int maxStreams, Optional<Path> hls) {}

    /**
     * One for players.
     *
     * @param name in its address
     */
    public record HlsStream(Restream stream, String name) {}

    private static final Logger LOG = System.getLogger(Restreamer.class.getName());

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final int SECRET_BYTES = 16; // 128 bits: nobody guesses it.
    /** After its end, when no program writes any more. */
    static final Duration KEPT = Attempt.LAST_WORDS.plusSeconds(2);

    // Given.
    private final Terms terms;
    private final Rooms rooms;
    private final Programs programs;
    private final Scheduler scheduler;
    private final Executor threads;
    private final RandomGenerator random;
    private final Names names;

    // State.
    private final Set<Restream> streams = ConcurrentHashMap.newKeySet();
    private final Map<String, HlsFolder> folders = new ConcurrentHashMap<>();
    private final AtomicLong failures = new AtomicLong();

    /** @param threads for what blocks: a stream takes one of them for as long as its program does not read */
    public Restreamer(
            Terms terms,
            Rooms rooms,
            FfmpegPrograms programs,
            Scheduler scheduler,
            Executor threads,
            RandomGenerator random) {
        this(terms, rooms, programs, scheduler, threads, random, InetAddress::getAllByName);
    }

    Restreamer(
            Terms terms,
            Rooms rooms,
            Programs programs,
            Scheduler scheduler,
            Executor threads,
            RandomGenerator random,
            Names names) {
        this.terms = terms;
        this.rooms = rooms;
        this.programs = programs;
        this.scheduler = scheduler;
        this.threads = threads;
        this.random = random;
        this.names = names;
        terms.hls().ifPresent(directory -> threads.execute(() -> sweep(directory)));
    }

    private static void sweep(Path directory) {
        try {
            HlsFolder.sweep(directory);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "cannot look through the directory of HLS: " + e.getMessage());
        }
    }

    /**
     * Sends to a server of RTMP. Does not block: what comes of it is told later.
     *
     * @param url of the stream there, with its key
     * @param transcode also what RTMP does not take as it is
     * @throws RoomException when it cannot be begun, in words
     */
    public Restream rtmp(RoomId room, Choice choice, String url, boolean transcode) {
        RtmpTarget target = RtmpTarget.parse(url);
        RtmpDestination destination = new RtmpDestination(terms.ffmpeg(), target, transcode, terms.targets(), names);
        return begin(room, choice, destination, target.toString(), () -> {});
    }

    /**
     * Shows it to players, which find it by {@link #hls(String)}. As {@link #rtmp}.
     *
     * @param wanted the name in its address, which everybody may know; empty: one that nobody guesses
     */
    public HlsStream hls(RoomId room, Choice choice, Optional<String> wanted, boolean transcode) {
        Path directory = terms.hls()
                .orElseThrow(() -> new RoomException(
                        Code.INVALID, "this server has no place for HLS: noir.restreaming.hls.directory"));
        String name = wanted.orElseGet(this::secret);
        if (!PLAIN.matcher(name).matches()) {
            throw new RoomException(Code.INVALID, "name: it has 1 to 64 letters, digits, dashes and underscores");
        }
        HlsFolder folder =
                new HlsFolder(directory.resolve(name), wanted.isPresent() ? Optional.empty() : Optional.of(room));
        if (folders.putIfAbsent(name, folder) != null) {
            throw new RoomException(Code.INVALID, "name: there is such a stream already, or was a moment ago");
        }
        Runnable forget = () -> forget(name, folder);
        try {
            HlsDestination destination = new HlsDestination(terms.ffmpeg(), folder, transcode);
            String where = wanted.map(known -> "HLS as " + known).orElse("HLS");
            return new HlsStream(begin(room, choice, destination, where, forget), name);
        } catch (RoomException e) {
            folders.remove(name, folder);
            throw e;
        }
    }

    private String secret() {
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private void forget(String name, HlsFolder folder) {
        scheduler.schedule(
                KEPT,
                () -> threads.execute(() -> {
                    try {
                        folder.delete();
                    } catch (IOException e) {
                        LOG.log(Level.WARNING, "a stream of HLS cannot be deleted: " + e.getMessage());
                    }
                    folders.remove(name, folder);
                }));
    }

    /** A stream that is shown to players, by the name in its address. */
    public Optional<HlsFolder> hls(String name) {
        return Optional.ofNullable(folders.get(name));
    }

    /** Whether somebody who knows where it is may watch it. */
    boolean mayWatch(HlsFolder folder, Caller caller) {
        return folder.askedRoom().map(room -> rooms.mayWatch(room, caller)).orElse(true);
    }

    private Restream begin(RoomId room, Choice choice, Destination destination, String where, Runnable over) {
        if (terms.ffmpeg().isEmpty()) {
            throw new RoomException(Code.INVALID, "this server has no program to send with: noir.restreaming.ffmpeg");
        }
        if (streams.size() >= terms.maxStreams()) {
            throw new RoomException(Code.TOO_MANY, "this server sends " + terms.maxStreams() + " streams already");
        }
        String name = room + " to " + where;
        Restream stream = new Restream(name, choice, new BackOff(random), new Home(name, room, destination, over));
        streams.add(stream);
        try {
            rooms.watch(room, stream);
        } catch (RoomException e) {
            streams.remove(stream);
            throw e;
        }
        return stream;
    }

    private final class Home implements Restream.Home {
        private final String name;
        private final RoomId room;
        private final Destination destination;
        private final Runnable over;

        Home(String name, RoomId room, Destination destination, Runnable over) {
            this.over = over;
            this.name = name;
            this.room = room;
            this.destination = destination;
        }

        @Override
        public Attempt attempt(Attempt.Events events, @Nullable Attempt before) {
            return new Attempt(destination, programs, scheduler, new SerialExecutor(name, threads), events, before);
        }

        @Override
        public Scheduler scheduler() {
            return scheduler;
        }

        @Override
        public void failed() {
            failures.incrementAndGet();
        }

        @Override
        public void over(Restream ended) {
            streams.remove(ended);
            rooms.unwatch(room, ended);
            over.run();
        }
    }

    /** That are sent, or wait to be. */
    public int streams() {
        return streams.size();
    }

    /** Programs that have ended too early, or could not be started. */
    public long failures() {
        return failures.get();
    }
}
