package dev.noir.boot;

import dev.noir.admin.Metrics;
import dev.noir.admin.MetricsBean;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import javax.management.InstanceAlreadyExistsException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/** The node's numbers at the MBean server of this JVM, under a name of this deployment's own. Thread: the server's deployer. */
final class ManagementBean implements AutoCloseable {
    private static final Logger LOG = System.getLogger(ManagementBean.class.getName());
    private static final int ATTEMPTS = 100;

    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    private final @Nullable ObjectName name;

    /** Without a name where there may be no bean: nothing else depends on it. */
    ManagementBean(NodeId node, Metrics metrics) {
        this.name = register(node, new MetricsBean(metrics));
    }

    /** Another application in this JVM may have a node of the same name, so the name has a number. */
    private @Nullable ObjectName register(NodeId node, MetricsBean bean) {
        try {
            for (int number = 1; number <= ATTEMPTS; number++) {
                ObjectName free = new ObjectName(
                        "dev.noir:type=Metrics,node=" + ObjectName.quote(node.text()) + ",deployment=" + number);
                try {
                    return server.registerMBean(bean, free).getObjectName();
                } catch (InstanceAlreadyExistsException e) {
                    LOG.log(Level.DEBUG, "{0} is taken", free);
                }
            }
        } catch (JMException | SecurityException e) {
            LOG.log(Level.WARNING, "No numbers over JMX", e);
        }
        return null;
    }

    @Nullable
    ObjectName name() {
        return name;
    }

    @Override
    public void close() throws JMException {
        if (name != null) {
            try {
                server.unregisterMBean(name);
            } catch (InstanceNotFoundException e) {
                LOG.log(Level.DEBUG, "The server has done it already", e);
            }
        }
    }
}
