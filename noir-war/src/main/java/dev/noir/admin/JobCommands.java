package dev.noir.admin;

import dev.noir.access.Caller;
import dev.noir.access.PlainText;
import dev.noir.admin.CommandException.Code;
import dev.noir.admin.NodeCommands.Done;
import dev.noir.admin.NodeCommands.Nothing;
import dev.noir.room.ModerationCommand;
import dev.noir.room.RoomDescription;
import dev.noir.room.RoomId;
import dev.noir.room.Rooms;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Jobs of all nodes: each has its own, by the kinds that it knows. Thread: any. */
public final class JobCommands {
    private static final Logger LOG = System.getLogger(JobCommands.class.getName());

    /** At one node, and as many that have failed. */
    static final int MAX_JOBS = 100;

    /** So long those that have failed are told of. */
    static final Duration REMEMBERED = Duration.ofMinutes(10);

    private static final int MAX_WORDS = 1000;

    private static final String SERVICE = "job";
    private static final String NO_JOB = "there is no such job";

    /** One that runs, or has failed. */
    public record JobEntry(
            @Member("node and number, by which it can be stopped") String job,
            @Member("what it does") String kind,
            @Member("in which room") String room,
            @Member("at which node") String node,
            @Member("when it was started, in ms since 1970") long started,
            @Member("whether it has begun, stands still, waits, or has failed") JobKind.State state,
            @Member("as which peer it is in the room, or whose media it sends") Optional<String> uid,
            @Member("where it is, in ms, if it plays something") Optional<Long> position,
            @Member("where players find it, below the server's address") Optional<String> address,
            @Member(value = "what it waits for, and why", max = MAX_WORDS) Optional<String> says,
            @Member(value = "why it has failed", max = MAX_WORDS) Optional<String> failure) {}

    /** All that there are. */
    public record JobList(
            @Member("by node, the oldest first; those that have failed for some minutes more") List<JobEntry> jobs,
            @Member("what can be started") List<String> kinds,
            @Member("nodes that did not answer: theirs are missing") List<String> silent) {}

    /** What to do. */
    public record StartJob(
            @Member(value = "what to do", max = 64) String kind,
            @Member("in which room, the sid of clients") String room,
            @Member(
                            "at which node; when missing at the one that is asked, one that has the service job, or the room's host")
                    Optional<String> node,
            @Member(value = "as the kind asks for", secret = true) Optional<Map<String, ?>> options) {}

    /** Which job. */
    public record JobName(@Member("node and number") String job) {}

    /** What a job is to do from now on. */
    public record ControlJob(
            @Member("node and number") String job,
            @Member("what to do") JobKind.Action action,
            @Member("where to, in ms; with seek only") Optional<Long> position) {}

    /** One of this node's. */
    private static final class Job {
        final JobEntry begun;
        final JobKind.Run run;

        @Nullable
        String failure;

        long failedMillis;

        Job(JobEntry begun, JobKind.Run run) {
            this.begun = begun;
            this.run = run;
        }

        JobEntry entry() {
            JobKind.Progress now = run.progress();
            return new JobEntry(
                    begun.job(),
                    begun.kind(),
                    begun.room(),
                    begun.node(),
                    begun.started(),
                    failure == null ? now.state() : JobKind.State.FAILED,
                    now.peer(),
                    now.position(),
                    now.address(),
                    failure == null && !now.says().isEmpty() ? Optional.of(shortened(now.says())) : Optional.empty(),
                    Optional.ofNullable(failure));
        }
    }

    // Given.
    private final NodeCalls calls;
    private final Rooms rooms;
    private final Map<String, JobKind> kinds = new TreeMap<>();
    private final InstantSource clock;
    private final RandomGenerator random;

    // Owned: what this node does for others.
    private final Command<Nothing, JobList> ownList;
    private final Command<StartJob, JobEntry> ownStart;
    private final Command<JobName, Done> ownStop;
    private final Command<ControlJob, JobEntry> ownControl;

    // State. Guarded by itself.
    private final Map<String, Job> jobs = new LinkedHashMap<>();

    JobCommands(NodeCalls calls, Rooms rooms, Collection<JobKind> kinds, InstantSource clock, RandomGenerator random) {
        this.calls = calls;
        this.rooms = rooms;
        this.clock = clock;
        this.random = random;
        kinds.forEach(kind -> this.kinds.put(kind.name(), kind));
        this.ownList = calls.register(
                new Command<>("node.jobs", "its own", false, Nothing.class, JobList.class, (actor, input) -> here()));
        this.ownStart = calls.register(new Command<>(
                "node.job.start", "here", true, StartJob.class, JobEntry.class, (actor, input) -> startHere(input)));
        this.ownStop = calls.register(new Command<>(
                "node.job.stop", "here", true, JobName.class, Done.class, (actor, input) -> stopHere(input)));
        this.ownControl = calls.register(new Command<>(
                "node.job.control",
                "here",
                true,
                ControlJob.class,
                JobEntry.class,
                (actor, input) -> controlHere(input)));
    }

    private CompletionStage<JobList> here() {
        synchronized (jobs) { // For a look.
            forgetOld();
            return CompletableFuture.completedStage(new JobList(
                    jobs.values().stream().map(Job::entry).toList(), List.copyOf(kinds.keySet()), List.of()));
        }
    }

    private void forgetOld() {
        long before = clock.millis() - REMEMBERED.toMillis();
        jobs.values().removeIf(job -> job.failure != null && job.failedMillis <= before);
    }

    private static String shortened(String words) {
        return words.length() <= MAX_WORDS ? words : words.substring(0, MAX_WORDS - 1) + "…";
    }

    private long failed() {
        return jobs.values().stream().filter(job -> job.failure != null).count();
    }

    private CompletionStage<JobEntry> startHere(StartJob input) {
        JobKind kind = kinds.get(input.kind());
        if (kind == null) {
            return failed(
                    Code.NOT_FOUND,
                    "this server knows no jobs of that kind" + (kinds.isEmpty() ? ", nor any others" : ""));
        }
        RoomId room = new RoomId(input.room());
        String node = calls.cluster().self();
        String name = node + "/" + Long.toString(random.nextLong(Long.MAX_VALUE), Character.MAX_RADIX);
        JobEntry begun = new JobEntry(
                name,
                kind.name(),
                room.value(),
                node,
                clock.millis(),
                JobKind.State.STARTING,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        Job job;
        synchronized (jobs) { // Kinds must not block.
            forgetOld();
            if (jobs.size() - failed() >= MAX_JOBS) {
                return failed(Code.TOO_MANY, "this server has " + MAX_JOBS + " jobs already");
            }
            job = new Job(begun, kind.start(room.value(), input.options().orElse(Map.of())));
            jobs.put(name, job);
        }
        job.run.over().whenComplete((done, failure) -> ended(job, failure));
        return CompletableFuture.completedStage(job.entry());
    }

    private void ended(Job job, @Nullable Throwable failure) {
        String name = job.begun.job();
        String why = failure == null
                ? ""
                : shortened(String.valueOf(CommandException.of(failure).getMessage()));
        synchronized (jobs) {
            if (failure == null) {
                jobs.remove(name, job);
                return;
            }
            job.failure = why;
            job.failedMillis = clock.millis();
            if (failed() > MAX_JOBS) {
                jobs.values().stream()
                        .filter(other -> other.failure != null)
                        .findFirst()
                        .ifPresent(oldest -> jobs.remove(oldest.begun.job()));
            }
        }
        LOG.log(
                Level.WARNING,
                () -> PlainText.of(
                        "Job " + name + ", " + job.begun.kind() + " in " + job.begun.room() + ", has failed: " + why));
        tell(job.begun, why);
    }

    /** So that its log says so, and whoever follows that hears of it. */
    private void tell(JobEntry job, String failure) {
        ModerationCommand told = new ModerationCommand.JobHasFailed(job.job(), job.kind(), failure);
        CompletionStage<?> unused = rooms.moderate(Caller.ANONYMOUS, new RoomId(job.room()), told)
                .whenComplete((done, refusal) -> {
                    if (refusal != null) {
                        LOG.log(
                                Level.INFO,
                                () -> PlainText.of(job.room() + ": its log does not say that " + job.job()
                                        + " has failed: " + refusal.getMessage()));
                    }
                });
    }

    private static <T> CompletionStage<T> failed(Code code, String why) {
        return CompletableFuture.failedStage(new CommandException(code, why));
    }

    /** One that has failed is told of no more. */
    private CompletionStage<Done> stopHere(JobName input) {
        Job job;
        synchronized (jobs) { // For a look.
            forgetOld();
            job = jobs.remove(input.job());
        }
        if (job == null) {
            return failed(Code.NOT_FOUND, NO_JOB);
        }
        job.run.stop();
        return CompletableFuture.completedStage(new Done());
    }

    private CompletionStage<JobEntry> controlHere(ControlJob input) {
        if (input.position().isPresent() != (input.action() == JobKind.Action.SEEK)) {
            return failed(Code.INVALID, "position belongs to seek, and seek needs it");
        }
        Job job;
        synchronized (jobs) { // For a look.
            forgetOld();
            job = jobs.get(input.job());
            if (job == null || job.failure != null) {
                return failed(Code.NOT_FOUND, NO_JOB);
            }
        }
        OptionalLong position = input.position().map(OptionalLong::of).orElseGet(OptionalLong::empty);
        return job.run.control(input.action(), position).thenApply(done -> job.entry());
    }

    public CompletionStage<JobList> list(Actor actor, Nothing input) {
        return calls.askAll(actor, ownList, input).thenApply(all -> {
            List<JobEntry> found = new ArrayList<>();
            new TreeMap<>(all.answers()).values().forEach(one -> found.addAll(one.jobs()));
            return new JobList(
                    found,
                    all.answers().values().stream()
                            .flatMap(one -> one.kinds().stream())
                            .distinct()
                            .sorted()
                            .toList(),
                    all.silent());
        });
    }

    public CompletionStage<JobEntry> start(Actor actor, StartJob input) {
        JobKind kind = kinds.get(input.kind());
        if (input.node().isEmpty() && kind != null && kind.isForHost()) {
            return host(actor, new RoomId(input.room()))
                    .thenCompose(host -> host.map(node -> calls.ask(node, actor, ownStart, input))
                            .orElseGet(() -> failed(Code.NOT_FOUND, "nobody is in that room")));
        }
        return calls.ask(input.node().orElseGet(this::place), actor, ownStart, input);
    }

    /** Who hosts a room; empty: it is not open. */
    private CompletionStage<Optional<String>> host(Actor actor, RoomId room) {
        return RoomCommands.ifOpen(rooms.moderate(actor.caller(), room, new ModerationCommand.Describe()))
                .thenApply(found -> found.map(open -> ((RoomDescription) open).node()));
    }

    /** This node, unless it is others that do such things. */
    private String place() {
        String self = calls.cluster().self();
        List<String> able = calls.cluster().nodes().stream()
                .filter(node -> node.state().equals("up") && node.services().contains(SERVICE))
                .map(NodeCommands.NodeEntry::node)
                .toList();
        return able.isEmpty() || able.contains(self) ? self : able.get(random.nextInt(able.size()));
    }

    public CompletionStage<Done> stop(Actor actor, JobName input) {
        return ask(actor, input.job(), ownStop, input);
    }

    public CompletionStage<JobEntry> control(Actor actor, ControlJob input) {
        return ask(actor, input.job(), ownControl, input);
    }

    private <I extends Record, O extends Record> CompletionStage<O> ask(
            Actor actor, String job, Command<I, O> command, I input) {
        int end = job.lastIndexOf('/');
        return end < 0 ? failed(Code.NOT_FOUND, NO_JOB) : calls.ask(job.substring(0, end), actor, command, input);
    }

    /** The node stops. */
    void stopAll() {
        List<Job> all;
        synchronized (jobs) { // For a look.
            all = List.copyOf(jobs.values());
            jobs.clear();
        }
        all.forEach(job -> job.run.stop());
    }
}
