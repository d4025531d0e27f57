package dev.noir.admin;

import dev.noir.admin.CommandException.Code;
import dev.noir.admin.NodeCommands.Done;
import dev.noir.admin.NodeCommands.Nothing;
import dev.noir.room.RoomId;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;

/** Jobs of all nodes: each has its own, by the kinds that it knows. Thread: any. */
public final class JobCommands {
    /** At one node. */
    static final int MAX_JOBS = 100;

    /** One that runs. */
    public record JobEntry(
            @Member("node and number, by which it can be stopped") String job,
            @Member("what it does") String kind,
            @Member("in which room") String room,
            @Member("at which node") String node,
            @Member("when it was started, in ms since 1970") long started) {}

    /** All that run. */
    public record JobList(
            @Member("by node, the oldest first") List<JobEntry> jobs,
            @Member("what can be started") List<String> kinds,
            @Member("nodes that did not answer: theirs are missing") List<String> silent) {}

    /** What to do. */
    public record StartJob(
            @Member(value = "what to do", max = 64) String kind,
            @Member("in which room, the sid of clients") String room,
            @Member("at which node; at the one that is asked when missing") Optional<String> node,
            @Member(value = "as the kind asks for", secret = true) Optional<Map<String, ?>> options) {}

    /** Which job. */
    public record JobName(@Member("node and number") String job) {}

    private record Running(JobEntry entry, JobKind.Run run) {}

    // Given.
    private final NodeCalls calls;
    private final Map<String, JobKind> kinds = new TreeMap<>();
    private final InstantSource clock;
    private final RandomGenerator random;

    // Owned: what this node does for others.
    private final Command<Nothing, JobList> ownList;
    private final Command<StartJob, JobEntry> ownStart;
    private final Command<JobName, Done> ownStop;

    // State. Guarded by itself.
    private final Map<String, Running> running = new LinkedHashMap<>();

    JobCommands(NodeCalls calls, Collection<JobKind> kinds, InstantSource clock, RandomGenerator random) {
        this.calls = calls;
        this.clock = clock;
        this.random = random;
        kinds.forEach(kind -> this.kinds.put(kind.name(), kind));
        this.ownList = calls.register(
                new Command<>("node.jobs", "its own", false, Nothing.class, JobList.class, (actor, input) -> here()));
        this.ownStart = calls.register(new Command<>(
                "node.job.start", "here", true, StartJob.class, JobEntry.class, (actor, input) -> startHere(input)));
        this.ownStop = calls.register(new Command<>(
                "node.job.stop", "here", true, JobName.class, Done.class, (actor, input) -> stopHere(input)));
    }

    private CompletionStage<JobList> here() {
        synchronized (running) { // For a look.
            running.values().removeIf(job -> job.run().isOver());
            return CompletableFuture.completedStage(new JobList(
                    running.values().stream().map(Running::entry).toList(), List.copyOf(kinds.keySet()), List.of()));
        }
    }

    private CompletionStage<JobEntry> startHere(StartJob input) {
        JobKind kind = kinds.get(input.kind());
        if (kind == null) {
            return CompletableFuture.failedStage(new CommandException(
                    Code.NOT_FOUND,
                    "this server knows no jobs of that kind" + (kinds.isEmpty() ? ", nor any others" : "")));
        }
        RoomId room = new RoomId(input.room());
        String node = calls.cluster().self();
        String job = node + "/" + Long.toString(random.nextLong(Long.MAX_VALUE), Character.MAX_RADIX);
        JobEntry entry = new JobEntry(job, kind.name(), room.value(), node, clock.millis());
        synchronized (running) { // Kinds must not block.
            running.values().removeIf(over -> over.run().isOver());
            if (running.size() >= MAX_JOBS) {
                return CompletableFuture.failedStage(
                        new CommandException(Code.TOO_MANY, "this server has " + MAX_JOBS + " jobs already"));
            }
            running.put(
                    job,
                    new Running(entry, kind.start(room.value(), input.options().orElse(Map.of()))));
        }
        return CompletableFuture.completedStage(entry);
    }

    private CompletionStage<Done> stopHere(JobName input) {
        Running job;
        synchronized (running) { // For a look.
            job = running.remove(input.job());
        }
        if (job == null || job.run().isOver()) {
            return CompletableFuture.failedStage(new CommandException(Code.NOT_FOUND, "there is no such job"));
        }
        job.run().stop();
        return CompletableFuture.completedStage(new Done());
    }

    public CompletionStage<JobList> list(Actor actor, Nothing input) {
        return calls.askAll(actor, ownList, input).thenApply(all -> {
            List<JobEntry> jobs = new ArrayList<>();
            new TreeMap<>(all.answers()).values().forEach(one -> jobs.addAll(one.jobs()));
            return new JobList(
                    jobs,
                    all.answers().values().stream()
                            .flatMap(one -> one.kinds().stream())
                            .distinct()
                            .sorted()
                            .toList(),
                    all.silent());
        });
    }

    public CompletionStage<JobEntry> start(Actor actor, StartJob input) {
        return calls.ask(input.node().orElse(calls.cluster().self()), actor, ownStart, input);
    }

    public CompletionStage<Done> stop(Actor actor, JobName input) {
        int end = input.job().lastIndexOf('/');
        if (end < 0) {
            return CompletableFuture.failedStage(new CommandException(Code.NOT_FOUND, "there is no such job"));
        }
        return calls.ask(input.job().substring(0, end), actor, ownStop, input);
    }

    /** The node stops. */
    void stopAll() {
        synchronized (running) { // Kinds must not block.
            running.values().forEach(job -> job.run().stop());
            running.clear();
        }
    }
}
