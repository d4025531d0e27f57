package dev.noir.admin;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

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

    public record Check(String name, String status) {}

    private record NamedCheck(String name, BooleanSupplier test) {}

    private static final String UP = "UP";
    private static final String DOWN = "DOWN";

    private final List<NamedCheck> readiness = new CopyOnWriteArrayList<>();

    // Volatile: set by the deployer's thread, read by request threads.
    private volatile boolean started;

    /** Ready only while the test holds. It is run for every request: it must not block. */
    public void addCheck(String name, BooleanSupplier test) {
        readiness.add(new NamedCheck(name, test));
    }

    public void setStarted(boolean started) {
        this.started = started;
    }

    /** The process answers; looks at nothing else, so that no orchestrator restarts a node that others depend on. */
    public Report live() {
        return new Report(UP, List.of());
    }

    public Report ready() {
        List<Check> checks = readiness.stream()
                .map(check -> new Check(check.name(), word(check.test().getAsBoolean())))
                .toList();
        boolean ready =
                started && checks.stream().allMatch(check -> check.status().equals(UP));
        return new Report(word(ready), checks);
    }

    private static String word(boolean up) {
        return up ? UP : DOWN;
    }
}
