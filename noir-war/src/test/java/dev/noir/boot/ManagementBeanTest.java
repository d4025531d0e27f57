package dev.noir.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.admin.Metrics;
import java.lang.management.ManagementFactory;
import java.util.Objects;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

final class ManagementBeanTest {
    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    private final Metrics metrics = new Metrics();

    ManagementBeanTest() {
        metrics.add(page -> page.gauge("noir_rooms", "Rooms", 2));
    }

    @Test
    void twoDeploymentsOfOneNameStandBesideEachOtherAndLeaveNothing() throws JMException {
        NodeId node = new NodeId("bean,test=*\"");
        ObjectName first;
        ObjectName second;
        try (ManagementBean one = new ManagementBean(node, metrics);
                ManagementBean two = new ManagementBean(node, new Metrics())) {
            first = Objects.requireNonNull(one.name());
            second = Objects.requireNonNull(two.name());

            assertNotEquals(first, second);
            assertEquals(2.0, server.getAttribute(first, "noir_rooms"));
            assertTrue(server.isRegistered(second));
        }

        assertFalse(server.isRegistered(first));
        assertFalse(server.isRegistered(second));
    }
}
