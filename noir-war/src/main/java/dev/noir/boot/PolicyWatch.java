package dev.noir.boot;

import dev.noir.access.Grant;
import dev.noir.access.Policies;
import dev.noir.access.PolicyFile;
import dev.noir.access.RoleSet;
import dev.noir.access.RoomPolicy;
import dev.noir.config.AccessSettings;
import dev.noir.room.Scheduler;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The policies in force: of the settings alone, or of a file, too, that is looked at every few seconds. Thread: any. */
final class PolicyWatch implements Supplier<Policies>, AutoCloseable {
    private static final Logger LOG = System.getLogger(PolicyWatch.class.getName());

    // Twice in the five seconds that the documentation promises: a change is taken at the second look that sees it.
    private static final Duration INTERVAL = Duration.ofSeconds(2);

    // Given.
    private final Scheduler scheduler;
    private final Executor threads;

    // Owned. Null: there is no file.
    private final @Nullable PolicyFile file;
    private final Policies bySettings;

    // State, guarded by itself: the timer is replaced by whichever thread has looked.
    private final Object turn = new Object();
    private Scheduler.@Nullable Timer timer;
    private boolean closed;

    /** Throws {@link IllegalArgumentException} when there is a file that cannot be used. */
    PolicyWatch(AccessSettings settings, Scheduler scheduler, Executor threads) {
        this.scheduler = scheduler;
        this.threads = threads;
        RoomPolicy defaults = policy(settings.roles());
        this.bySettings = Policies.of(defaults);
        this.file = settings.policy().isEmpty() ? null : PolicyFile.open(Path.of(settings.policy()), defaults);
        if (file != null) {
            lookLater(file);
        }
    }

    @Override
    public Policies get() {
        return file == null ? bySettings : file.get();
    }

    private void lookLater(PolicyFile watched) {
        synchronized (turn) {
            if (!closed) {
                // The scheduler's thread may not wait for a disk.
                timer = scheduler.schedule(INTERVAL, () -> lookOnAThread(watched));
            }
        }
    }

    private void lookOnAThread(PolicyFile watched) {
        try {
            threads.execute(() -> look(watched));
        } catch (RejectedExecutionException e) {
            LOG.log(Level.DEBUG, "no thread to look at the policies", e);
            lookLater(watched);
        }
    }

    private void look(PolicyFile watched) {
        try {
            watched.refresh();
        } finally {
            lookLater(watched);
        }
    }

    private static RoomPolicy policy(Map<String, String> roles) {
        Map<Grant, RoleSet> grants = new EnumMap<>(Grant.class);
        RoleSet publish = set(roles, "publish");
        grants.put(Grant.JOIN, set(roles, "join"));
        grants.put(Grant.PUBLISH_AUDIO, publish);
        grants.put(Grant.PUBLISH_VIDEO, publish);
        grants.put(Grant.PUBLISH_SCREEN, setOr(publish, roles, "publish-screen"));
        grants.put(Grant.PUBLISH_DATA, setOr(publish, roles, "publish-data"));
        grants.put(Grant.SUBSCRIBE, set(roles, "subscribe"));
        grants.put(Grant.MODERATE, set(roles, "moderate"));
        grants.put(Grant.ADMINISTER, set(roles, "administer"));
        return RoomPolicy.ofRoles(grants, set(roles, "create"));
    }

    private static RoleSet set(Map<String, String> roles, String name) {
        return RoleSet.parse(roles.getOrDefault(name, ""));
    }

    private static RoleSet setOr(RoleSet otherwise, Map<String, String> roles, String name) {
        return roles.getOrDefault(name, "").isEmpty() ? otherwise : set(roles, name);
    }

    @Override
    public void close() {
        synchronized (turn) {
            closed = true;
            if (timer != null) {
                timer.cancel();
            }
        }
    }
}
