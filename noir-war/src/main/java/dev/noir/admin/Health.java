package dev.noir.admin;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Whether this node runs, and whether it can take clients. Thread: any. */
public final class Health {

    /** As MicroProfile Health prints it, so that its tools read it. */
    public record Report(String status, List<Check> checks) {
        public boolean up() {
            return status.equals(UP);
        }

        /** What strangers may know. */
        Report withoutChecks() {
            return new Report(status, List.of());
        }
    }

    /** @param data when it is down and says why: {@code reason} */
    public record Check(String name, String status, @Nullable Map<String, String> data) {}

    /** @param trouble empty: none */
    private record NamedCheck(String name, Supplier<Optional<String>> trouble) {
        Check run() {
            Optional<String> found = trouble.get();
            Map<String, String> data = found.filter(reason -> !reason.isEmpty())
                    .map(NamedCheck::data)
                    .orElse(null);
            return new Check(name, word(found.isEmpty()), data);
        }

        private static Map<String, String> data(String reason) {
            return Map.of("reason", reason);
        }
    }

    private static final String UP = "UP";
    private static final String DOWN = "DOWN";

    private final List<NamedCheck> readiness = new CopyOnWriteArrayList<>();

    // Volatile: set by the deployer's thread, read by request threads.
    private volatile boolean started;
    private volatile boolean everStarted;

    /** Ready only while the test holds. It is run for every request: it must not block. */
    public void addCheck(String name, BooleanSupplier test) {
        addReason(name, () -> test.getAsBoolean() ? Optional.empty() : Optional.of(""));
    }

    /** Ready only while there is no trouble, which is told in words. Run as above. */
    public void addReason(String name, Supplier<Optional<String>> trouble) {
        readiness.add(new NamedCheck(name, trouble));
    }

    public void setStarted(boolean started) {
        this.started = started;
        if (started) {
            everStarted = true;
        }
    }

    /** The process answers; looks at nothing else, so that no orchestrator restarts a node that others depend on. */
    public Report live() {
        return new Report(UP, List.of());
    }

    /** It has been set up, whatever has become of it since: until then an orchestrator has patience. */
    public Report started() {
        return new Report(word(everStarted), List.of());
    }

    public Report ready() {
        List<Check> checks = readiness.stream().map(NamedCheck::run).toList();
        boolean ready =
                started && checks.stream().allMatch(check -> check.status().equals(UP));
        return new Report(word(ready), checks);
    }

    private static String word(boolean up) {
        return up ? UP : DOWN;
    }
}
