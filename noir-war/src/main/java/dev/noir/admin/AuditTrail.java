package dev.noir.admin;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The last changes that administrators have asked this node for, the newest first. In memory: the log has all. Thread: any. */
final class AuditTrail {
    static final int KEPT = 500;

    // Guarded by itself.
    private final Deque<AuditCommands.AuditEntry> entries = new ArrayDeque<>();

    void add(AuditCommands.AuditEntry entry) {
        synchronized (entries) { // For a moment.
            if (entries.size() == KEPT) {
                entries.removeLast();
            }
            entries.addFirst(entry);
        }
    }

    List<AuditCommands.AuditEntry> last(int limit) {
        synchronized (entries) { // For a look.
            return new ArrayList<>(entries.stream().limit(limit).toList());
        }
    }
}
