package dev.noir.restreaming;

import dev.noir.room.RoomException;
import dev.noir.room.RoomException.Code;
import dev.noir.room.RoomId;
import dev.noir.room.Scheduler;
import dev.noir.room.SerialExecutor;
import dev.noir.room.TrackWatch;
import java.net.InetAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** All that is sent out of the rooms of this node. Thread: any. */
public final class Restreamer {
    public static final int MAX_URL_CHARS = RtmpTarget.MAX_CHARS;

    /** Where tracks are found. */
    public interface TrackSource {
        /** @throws RoomException when the room is not here */
        void watch(RoomId room, TrackWatch watch);

        void unwatch(RoomId room, TrackWatch watch);
    }

    /**
     * What the operator has laid down.
     *
     * @param ffmpeg path of the program; empty: nothing is sent
     * @param maxStreams at once
     */
    public record Terms(String ffmpeg, TargetRules targets, int maxStreams) {}

    // Given.
    private final Terms terms;
    private final TrackSource rooms;
    private final Programs programs;
    private final Scheduler scheduler;
    private final Executor threads;
    private final RandomGenerator random;
    private final TargetRules.Names names;

    // State.
    private final Set<Restream> streams = ConcurrentHashMap.newKeySet();
    private final AtomicLong failures = new AtomicLong();

    /** @param threads for what blocks: a stream takes one of them for as long as its program does not read */
    public Restreamer(
            Terms terms,
            TrackSource rooms,
            FfmpegPrograms programs,
            Scheduler scheduler,
            Executor threads,
            RandomGenerator random) {
        this(terms, rooms, programs, scheduler, threads, random, InetAddress::getAllByName);
    }

    Restreamer(
            Terms terms,
            TrackSource rooms,
            Programs programs,
            Scheduler scheduler,
            Executor threads,
            RandomGenerator random,
            TargetRules.Names names) {
        this.terms = terms;
        this.rooms = rooms;
        this.programs = programs;
        this.scheduler = scheduler;
        this.threads = threads;
        this.random = random;
        this.names = names;
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
        return begin(room, choice, destination, target.toString());
    }

    private Restream begin(RoomId room, Choice choice, Destination destination, String where) {
        if (terms.ffmpeg().isEmpty()) {
            throw new RoomException(Code.INVALID, "this server has no program to send with: noir.restreaming.ffmpeg");
        }
        if (streams.size() >= terms.maxStreams()) {
            throw new RoomException(Code.TOO_MANY, "this server sends " + terms.maxStreams() + " streams already");
        }
        String name = room + " to " + where;
        Restream stream = new Restream(name, choice, new BackOff(random), new Home(name, room, destination));
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

        Home(String name, RoomId room, Destination destination) {
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
