package dev.noir.admin;

import dev.noir.access.Addresses;
import dev.noir.access.Attempts;
import dev.noir.access.Caller;
import dev.noir.admin.CommandException.Code;
import dev.noir.admin.NodeCommands.Done;
import dev.noir.admin.NodeCommands.Nothing;
import dev.noir.eventlog.EventLog;
import dev.noir.history.History;
import dev.noir.recording.Recordings;
import dev.noir.room.Projector;
import dev.noir.room.RoomDirectory;
import dev.noir.room.RoomOptions;
import dev.noir.room.RoomPlans;
import dev.noir.room.Rooms;
import dev.noir.room.Scheduler;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;

/**
 * Everything that management can ask for: one set of commands for all doors, each a record in and a record out, wherever in the
 * cluster the room or the node is. Every command is answered: with its result, or a {@link CommandException} in time. Every change is
 * a line in the log. Who may give commands is the doors' to decide. Thread: any; results come on threads of noiR's, which must not be
 * kept waiting.
 */
public final class Commands implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Commands.class.getName());

    /** Longer than the parts behind the commands take to give up, so that they can say why. */
    static final Duration DEADLINE = Duration.ofSeconds(15);

    // Of one caller, in a window.
    static final int MAX_COMMANDS = 1000;
    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int MAX_CALLERS = 1000;

    /** What the commands work on. */
    public record Parts(
            ClusterView cluster,
            NodeCalls calls,
            DrainControl drain,
            Rooms rooms,
            RoomPlans plans,
            RoomDirectory directory,
            RoomOptions defaults,
            EventLog events,
            History history,
            Collection<JobKind> jobKinds,
            Recordings recordings,
            Projector projector) {}

    // Given.
    private final Scheduler scheduler;

    // Owned.
    private final NodeCommands nodes;
    private final RoomCommands rooms;
    private final RoomListing listing;
    private final PeerCommands peers;
    private final TimelineCommands timelines;
    private final JobCommands jobs;
    private final EventCommands events;
    private final EventLog log;
    private final RecordingCommands recordings;
    private final FileCommands files;
    private final AuditCommands audits;
    private final Attempts budget = new Attempts(MAX_COMMANDS, WINDOW_NANOS, MAX_CALLERS);
    private final Map<String, Command<?, ?>> all = new LinkedHashMap<>();

    /**
     * @param threads for what may block
     * @param random for passwords' salts and jobs' names
     */
    public Commands(Parts parts, Scheduler scheduler, Executor threads, InstantSource clock, SecureRandom random) {
        this.scheduler = scheduler;
        this.nodes = new NodeCommands(parts.calls, parts.drain);
        this.rooms = new RoomCommands(parts.rooms, parts.plans, parts.defaults, threads, random);
        this.listing = new RoomListing(parts.calls, parts.rooms, parts.plans, parts.directory, parts.defaults, threads);
        this.peers = new PeerCommands(parts.rooms);
        this.timelines = new TimelineCommands(parts.calls, parts.history);
        this.jobs = new JobCommands(parts.calls, parts.rooms, parts.jobKinds, clock, random);
        this.events = new EventCommands(parts.events);
        this.log = parts.events;
        this.recordings = new RecordingCommands(parts.calls, parts.recordings);
        this.files = new FileCommands(parts.calls, parts.projector);
        this.audits = new AuditCommands(parts.calls, clock);
        addNodes();
        addRooms();
        addPeers();
        addTimelines();
        addJobs();
    }

    private void addNodes() {
        look("nodes.list", "The nodes that are alive.", Nothing.class, NodeCommands.NodeList.class, nodes::list);
        look("nodes.get", "One node.", NodeCommands.NodeName.class, NodeCommands.NodeEntry.class, nodes::get);
        look(
                "nodes.state",
                "How far a node is that was told to leave.",
                NodeCommands.NodeName.class,
                NodeCommands.NodeState.class,
                nodes::state);
        change(
                "nodes.drain",
                "Takes a node out of service: no new rooms, then its rooms and clients go elsewhere.",
                NodeCommands.NodeName.class,
                NodeCommands.NodeState.class,
                nodes::drain);
        look("stats", "All nodes together.", Nothing.class, NodeCommands.Stats.class, nodes::stats);
    }

    private void addRooms() {
        change(
                "rooms.create",
                "Lays down what a room shall be like when somebody joins it.",
                RoomCommands.RoomSettings.class,
                RoomInfo.class,
                rooms::create);
        look(
                "rooms.list",
                "Rooms of all nodes, open or laid down, page by page.",
                RoomListing.ListRooms.class,
                RoomListing.RoomList.class,
                listing::list);
        look(
                "rooms.count",
                "How many rooms are open, and how full they are.",
                RoomListing.CountRooms.class,
                RoomListing.RoomCount.class,
                listing::count);
        look("rooms.get", "One room.", RoomCommands.RoomName.class, RoomInfo.class, rooms::get);
        change(
                "rooms.update",
                "Changes what is laid down for a room, at once when it is open. Who is in stays in.",
                RoomCommands.RoomSettings.class,
                RoomInfo.class,
                rooms::update);
        change("rooms.lock", "Nobody comes in any more.", RoomCommands.RoomName.class, Done.class, rooms::lock);
        change("rooms.unlock", "Who may comes in again.", RoomCommands.RoomName.class, Done.class, rooms::unlock);
        change(
                "rooms.lobby",
                "Whether who comes in from now on waits to be admitted.",
                RoomCommands.Lobby.class,
                Done.class,
                rooms::lobby);
        change(
                "rooms.record",
                "Whether what is said and shown is recorded from now on.",
                RoomCommands.RecordRoom.class,
                Done.class,
                rooms::record);
        look(
                "recordings.list",
                "What has been recorded.",
                RecordingCommands.ListRecordings.class,
                RecordingCommands.RecordingList.class,
                recordings::list);
        change(
                "rooms.close",
                "Ends a room with everybody in it, and forgets what is laid down for it.",
                RoomCommands.CloseRoom.class,
                Done.class,
                rooms::close);
        look(
                "explain",
                "What the media of a room's peers is doing, and why.",
                RoomCommands.Explain.class,
                RoomCommands.Explained.class,
                rooms::explain);
    }

    private void addPeers() {
        look(
                "peers.list",
                "Who is in a room, and who is banned.",
                RoomCommands.RoomName.class,
                PeerCommands.PeerList.class,
                peers::list);
        look("peers.get", "One peer.", PeerCommands.PeerOf.class, PeerCommands.PeerEntry.class, peers::get);
        change("peers.admit", "Lets a waiting peer in.", PeerCommands.PeerOf.class, Done.class, peers::admit);
        change("peers.kick", "Removes a peer; it may come back.", PeerCommands.Kick.class, Done.class, peers::kick);
        change(
                "peers.move",
                "Sends a peer to another room: it leaves, and joins there if its client follows.",
                PeerCommands.Move.class,
                Done.class,
                peers::move);
        change(
                "peers.ban",
                "Removes a peer and keeps it out.",
                PeerCommands.Banish.class,
                PeerCommands.BanId.class,
                peers::ban);
        change("peers.unban", "Lifts a ban.", PeerCommands.Unban.class, Done.class, peers::unban);
        change(
                "peers.squelch",
                "Whether a peer's media reaches nobody, to come tracks included.",
                PeerCommands.Squelch.class,
                Done.class,
                peers::squelch);
        look(
                "tracks.list",
                "What is sent in a room.",
                PeerCommands.TracksOf.class,
                PeerCommands.TrackList.class,
                peers::tracks);
        change("tracks.mute", "Whether a stream reaches nobody.", PeerCommands.Mute.class, Done.class, peers::mute);
        look("grants.get", "What a peer may.", PeerCommands.PeerOf.class, PeerCommands.GrantList.class, peers::grants);
        change(
                "grants.set",
                "Gives a peer these grants and no others.",
                PeerCommands.SetGrants.class,
                Done.class,
                peers::setGrants);
    }

    private void addTimelines() {
        look(
                "peers.timeline",
                "What a peer's connections have done of late, and what went wrong.",
                TimelineCommands.TimelineOf.class,
                TimelineCommands.PeerTimeline.class,
                timelines::timeline);
        look(
                "peers.past",
                "Who was in a room and has left it, as far as is remembered.",
                RoomCommands.RoomName.class,
                TimelineCommands.PastPeers.class,
                timelines::past);
    }

    private void addJobs() {
        look(
                "files.list",
                "Files that can be played into rooms.",
                Nothing.class,
                FileCommands.FileList.class,
                files::list);
        look(
                "events.replay",
                "What has happened in a room, from a number on.",
                EventCommands.Replay.class,
                EventCommands.Events.class,
                events::replay);
        look(
                "audit.list",
                "Who has changed what lately.",
                AuditCommands.ListAudits.class,
                AuditCommands.AuditList.class,
                audits::list);
        look(
                "jobs.list",
                "Jobs of all nodes, and those that have failed of late.",
                Nothing.class,
                JobCommands.JobList.class,
                jobs::list);
        change("jobs.start", "Starts one.", JobCommands.StartJob.class, JobCommands.JobEntry.class, jobs::start);
        change("jobs.stop", "Stops one.", JobCommands.JobName.class, Done.class, jobs::stop);
        change(
                "jobs.control",
                "Lets one that plays something stand still, go on, or go elsewhere in it.",
                JobCommands.ControlJob.class,
                JobCommands.JobEntry.class,
                jobs::control);
    }

    private <I extends Record, O extends Record> void look(
            String name,
            String about,
            Class<I> input,
            Class<O> output,
            BiFunction<Actor, I, CompletionStage<O>> action) {
        all.put(name, new Command<>(name, about, false, input, output, action));
    }

    private <I extends Record, O extends Record> void change(
            String name,
            String about,
            Class<I> input,
            Class<O> output,
            BiFunction<Actor, I, CompletionStage<O>> action) {
        all.put(name, new Command<>(name, about, true, input, output, action));
    }

    /** All that there are, in the order of documents. */
    public List<Command<?, ?>> all() {
        return new ArrayList<>(all.values());
    }

    /** @throws CommandException UNKNOWN */
    public Command<?, ?> find(String name) {
        Command<?, ?> found = all.get(name);
        if (found == null) {
            throw new CommandException(Code.UNKNOWN, "there is no such command");
        }
        return found;
    }

    /**
     * To be asked by every door before it looks at what a caller wants: floods cost little.
     *
     * @throws CommandException TOO_MANY
     */
    public void charge(Actor actor) {
        Caller caller = actor.caller();
        String key =
                caller.isAnonymous() ? "from " + Addresses.subscriber(caller.address()) : "is " + caller.principal();
        if (!budget.tryAdd(key, scheduler.nanoTime())) {
            throw new CommandException(Code.TOO_MANY, "too many commands, try again in some seconds");
        }
    }

    /** What one connection can follow. */
    EventFollows follows(Actor actor, EventFollows.Ear ear, BooleanSupplier stillMay) {
        return new EventFollows(log, scheduler, ear, () -> charge(actor), stillMay);
    }

    /** Does it. The stage fails with nothing but a {@link CommandException}. */
    public <I extends Record, O extends Record> CompletionStage<O> run(Command<I, O> command, Actor actor, I input) {
        CompletableFuture<O> result = new CompletableFuture<>();
        Scheduler.Timer deadline = scheduler.schedule(
                DEADLINE,
                () -> result.completeExceptionally(new CommandException(Code.DEADLINE, "nobody has answered in time")));
        begin(command, actor, input).whenComplete((output, failure) -> {
            if (failure == null) {
                result.complete(output);
            } else {
                result.completeExceptionally(known(command, failure));
            }
        });
        return result.whenComplete((output, failure) -> {
                    deadline.cancel();
                    if (command.changes()) {
                        audits.add(
                                actor,
                                command.name(),
                                input,
                                failure == null ? "done" : String.valueOf(failure.getMessage()));
                    }
                })
                .minimalCompletionStage();
    }

    private static <I extends Record, O extends Record> CompletionStage<O> begin(
            Command<I, O> command, Actor actor, I input) {
        try {
            return command.action().apply(actor, input);
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private static CommandException known(Command<?, ?> command, Throwable failure) {
        CommandException why = CommandException.of(failure);
        if (why.code() == Code.INTERNAL && why.getCause() != null) {
            LOG.log(Level.ERROR, command.name() + " failed", failure);
        }
        return why;
    }

    /** Jobs of this node end. */
    @Override
    public void close() {
        jobs.stopAll();
    }
}
