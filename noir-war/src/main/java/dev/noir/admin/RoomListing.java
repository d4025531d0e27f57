package dev.noir.admin;

import dev.noir.room.RoomDirectory;
import dev.noir.room.RoomId;
import dev.noir.room.RoomOptions;
import dev.noir.room.RoomPlan;
import dev.noir.room.RoomPlans;
import dev.noir.room.Rooms;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Rooms of the whole cluster, page by page, by name. Each node tells the next of its own, the store those that are laid down; none is
 * told twice, and none that is there all the time is left out. Thread: any.
 */
public final class RoomListing {
    static final int MAX_PAGE = 100;

    /** Which page. */
    public record ListRooms(
            @Member("where to go on: the next of the page before") Optional<String> after,
            @Member(value = "at most so many; 100 when missing", min = 1, max = MAX_PAGE) Optional<Integer> limit,
            @Member("which ones; all when missing") Optional<RoomFilter> filter) {}

    /** A page. It may be shorter than was asked for, or empty, and there may still be a next one. */
    public record RoomList(
            @Member("by name") List<RoomInfo> rooms,
            @Member("to be given as after for the next page; missing: this was the last") Optional<String> next,
            @Member("nodes that did not answer: their rooms are missing") List<String> silent) {}

    /** Which ones. */
    public record CountRooms(@Member("which ones; all when missing") Optional<RoomFilter> filter) {}

    /** How many are open. */
    public record RoomCount(
            @Member("open") int rooms,
            @Member("in them") int peers,
            @Member("of them that send media") int publishers,
            @Member("of them that want media") int subscribers,
            @Member("nodes that did not answer: theirs are missing") List<String> silent) {}

    // Given.
    private final NodeCalls calls;
    private final Rooms rooms;
    private final RoomPlans plans;
    private final RoomDirectory directory;
    private final RoomOptions defaults;
    private final Executor threads;

    // Owned: what this node does for others.
    private final Command<ListRooms, RoomList> own;
    private final Command<CountRooms, RoomCount> ownCount;

    RoomListing(
            NodeCalls calls,
            Rooms rooms,
            RoomPlans plans,
            RoomDirectory directory,
            RoomOptions defaults,
            Executor threads) {
        this.calls = calls;
        this.rooms = rooms;
        this.plans = plans;
        this.directory = directory;
        this.defaults = defaults;
        this.threads = threads;
        this.own = calls.register(new Command<>(
                "node.rooms", "its own", false, ListRooms.class, RoomList.class, (actor, input) -> here(input)));
        this.ownCount = calls.register(new Command<>(
                "node.count", "of its own", false, CountRooms.class, RoomCount.class, (actor, input) -> here(input)));
    }

    private CompletionStage<RoomList> here(ListRooms input) {
        RoomFilter filter = input.filter().orElse(RoomFilter.ALL);
        int limit = input.limit().orElse(MAX_PAGE);
        List<RoomInfo> found = rooms.described().stream()
                .filter(room -> isAfter(room.counts().room(), input.after()))
                .map(RoomInfo::open)
                .filter(filter::takes)
                .sorted(BY_NAME)
                .limit(limit + 1L)
                .toList();
        return CompletableFuture.completedStage(page(found, limit));
    }

    private static final Comparator<RoomInfo> BY_NAME =
            Comparator.comparing(room -> new RoomId(room.room()), RoomId.ORDER);

    private static boolean isAfter(RoomId room, Optional<String> after) {
        return after.filter(name -> RoomId.ORDER.compare(room, new RoomId(name)) <= 0)
                .isEmpty();
    }

    private static RoomList page(List<RoomInfo> found, int limit) {
        boolean more = found.size() > limit;
        List<RoomInfo> page = more ? found.subList(0, limit) : found;
        return new RoomList(page, more ? Optional.of(page.get(limit - 1).room()) : Optional.empty(), List.of());
    }

    private CompletionStage<RoomCount> here(CountRooms input) {
        RoomFilter filter = input.filter().orElse(RoomFilter.ALL);
        List<RoomInfo> found = rooms.described().stream()
                .map(RoomInfo::open)
                .filter(filter::takes)
                .toList();
        return CompletableFuture.completedStage(new RoomCount(
                found.size(),
                found.stream().mapToInt(RoomInfo::peers).sum(),
                found.stream().mapToInt(RoomInfo::publishers).sum(),
                found.stream().mapToInt(RoomInfo::subscribers).sum(),
                List.of()));
    }

    public CompletionStage<RoomCount> count(Actor actor, CountRooms input) {
        return calls.askAll(actor, ownCount, input)
                .thenApply(all -> new RoomCount(
                        all.answers().values().stream()
                                .mapToInt(RoomCount::rooms)
                                .sum(),
                        all.answers().values().stream()
                                .mapToInt(RoomCount::peers)
                                .sum(),
                        all.answers().values().stream()
                                .mapToInt(RoomCount::publishers)
                                .sum(),
                        all.answers().values().stream()
                                .mapToInt(RoomCount::subscribers)
                                .sum(),
                        all.silent()));
    }

    public CompletionStage<RoomList> list(Actor actor, ListRooms input) {
        input.after().ifPresent(RoomId::new); // Else what nodes answer would be blamed on them.
        CompletionStage<RoomList> planned = CompletableFuture.supplyAsync(() -> planned(input), threads);
        return calls.askAll(actor, own, input).thenCombine(planned, (open, laidDown) -> {
            List<RoomList> sources = new ArrayList<>(open.answers().values());
            sources.add(laidDown);
            return merged(sources, open.silent(), input.limit().orElse(MAX_PAGE));
        });
    }

    /** May block. Those that turn out not to be meant shorten the page. */
    private RoomList planned(ListRooms input) {
        RoomFilter filter = input.filter().orElse(RoomFilter.ALL);
        if (!filter.takesPlanned()) {
            return new RoomList(List.of(), Optional.empty(), List.of());
        }
        int limit = input.limit().orElse(MAX_PAGE);
        List<RoomId> names = plans.plans(input.after().orElse(""), limit + 1);
        boolean more = names.size() > limit;
        List<RoomId> page = more ? names.subList(0, limit) : names;
        List<RoomInfo> found = page.stream()
                .filter(room -> directory.find(room).isEmpty())
                .flatMap(room -> plans.plan(room).map(plan -> planned(room, plan)).stream())
                .filter(filter::takes)
                .toList();
        return new RoomList(found, more ? Optional.of(page.get(limit - 1).value()) : Optional.empty(), List.of());
    }

    private RoomInfo planned(RoomId room, RoomPlan plan) {
        return RoomInfo.planned(room, plan.over(defaults));
    }

    /** What lies behind the end of any source's page is for the next one. */
    private static RoomList merged(List<RoomList> sources, List<String> silent, int limit) {
        Map<RoomId, RoomInfo> all = new TreeMap<>(RoomId.ORDER);
        for (RoomList source : sources) {
            source.rooms()
                    .forEach(room -> all.merge(
                            new RoomId(room.room()), room, (a, b) -> a.state() == RoomInfo.State.OPEN ? a : b));
        }
        Optional<RoomId> horizon = sources.stream()
                .flatMap(source -> source.next().stream())
                .map(RoomId::new)
                .min(RoomId.ORDER);
        List<RoomInfo> within = all.entrySet().stream()
                .filter(entry -> horizon.isEmpty() || RoomId.ORDER.compare(entry.getKey(), horizon.get()) <= 0)
                .map(Map.Entry::getValue)
                .toList();
        if (within.size() > limit) {
            List<RoomInfo> page = within.subList(0, limit);
            return new RoomList(page, Optional.of(page.get(limit - 1).room()), silent);
        }
        return new RoomList(within, horizon.map(RoomId::value), silent);
    }
}
