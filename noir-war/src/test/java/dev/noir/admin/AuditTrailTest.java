package dev.noir.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class AuditTrailTest {
    @Test
    void theOldestGoFirst() {
        AuditTrail trail = new AuditTrail();
        for (int i = 0; i <= AuditTrail.KEPT; i++) {
            trail.add(new AuditCommands.AuditEntry(i, "n", Optional.empty(), "", "rpc", "c", Map.of(), "done"));
        }

        List<AuditCommands.AuditEntry> all = trail.last(Integer.MAX_VALUE);
        assertEquals(AuditTrail.KEPT, all.size());
        assertEquals(AuditTrail.KEPT, all.get(0).at());
        assertEquals(1, all.get(all.size() - 1).at());
        assertEquals(2, trail.last(2).size());
    }
}
