package dev.noir.bots;

import dev.noir.access.PlainText;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A process of bots, from our side. Guarded by {@link BotWorkers}, but for what the process says. */
final class Worker implements WorkerProcess.Listener {
    private static final Logger LOG = System.getLogger(Worker.class.getName());

    private final BotWorkers owner;
    private final String name;
    private final int places;
    private final Map<String, Stay> stays = new LinkedHashMap<>(); // By id.
    private @Nullable WorkerProcess process;
    private @Nullable String complaint;
    private boolean ready;
    private boolean usedUp;
    private boolean ending;
    private boolean killed; // Before there was a process to be killed, maybe.
    private int taken;
    private long heard;
    private long idleSince;
    private long endingSince;

    /** @param places for so many bots at the same time, all of which put up with so few places */
    Worker(BotWorkers owner, String name, int places, long now) {
        this.owner = owner;
        this.name = name;
        this.places = places;
        this.heard = now;
        this.idleSince = now;
    }

    String name() {
        return name;
    }

    void has(WorkerProcess started) {
        process = started;
        if (killed) {
            started.kill();
        }
    }

    /** Suspects are among themselves, so that what they do happens to no others. */
    boolean hasPlaceFor(Stay stay) {
        return places == stay.places() && stays.size() < places && !usedUp && !ending && !killed && complaint == null;
    }

    void take(Stay stay, int limit) {
        stays.put(stay.id(), stay);
        stay.placed(this);
        usedUp = ++taken >= limit;
    }

    List<Stay> stays() {
        return List.copyOf(stays.values());
    }

    Optional<Stay> find(String id) {
        return Optional.ofNullable(stays.get(id));
    }

    Optional<Stay> drop(String id, long now) {
        Optional<Stay> dropped = Optional.ofNullable(stays.remove(id));
        idleSince = now;
        return dropped;
    }

    void tell(String line) {
        WorkerProcess to = process;
        if (to != null && !ending) {
            to.tell(line);
        }
    }

    void heard(long now) {
        heard = now;
    }

    void ready() {
        ready = true;
    }

    boolean isReady() {
        return ready && process != null;
    }

    void cannot(String why) {
        complaint = why;
    }

    Optional<String> complaint() {
        return Optional.ofNullable(complaint);
    }

    boolean isUsedUp() {
        return usedUp;
    }

    /** And not because it was told to, or has said why. */
    boolean hasEndedByItself() {
        return !ending;
    }

    boolean isSilent(long now) {
        Duration limit = ready ? BotWorkers.SILENCE : BotWorkers.START;
        return !killed && !ending && now - heard > limit.toNanos();
    }

    /** Whether nobody needs it any more. */
    boolean isIdle(long now) {
        boolean done = usedUp && stays.isEmpty();
        boolean unused = stays.values().stream().allMatch(Stay::isOver) && now - idleSince > BotWorkers.IDLE.toNanos();
        return !ending && !killed && (done || unused);
    }

    /** One of its bots less, which may take a while to leave, or hang. */
    void idle(long now) {
        idleSince = now;
    }

    boolean hasNotEnded(long now, Duration limit) {
        return ending && !killed && now - endingSince > limit.toNanos();
    }

    void end(long now) {
        if (!ending) {
            ending = true;
            endingSince = now;
            if (process != null) {
                process.end();
            } else {
                killed = true;
            }
        }
    }

    void kill() {
        killed = true;
        if (process != null) {
            process.kill();
        }
    }

    void awaitEnd(Duration limit) {
        WorkerProcess last = process;
        if (last != null) {
            last.awaitEnd(limit);
        }
    }

    @Override
    public void said(String line) {
        Optional<BotWords.Said> said = BotWords.read(line);
        if (said.isPresent()) {
            owner.said(this, said.get());
        } else if (!line.isBlank()) {
            LOG.log(Level.INFO, () -> name + ": " + PlainText.of(line));
        }
    }

    @Override
    public void ended() {
        owner.lost(this, Optional.empty());
    }
}
