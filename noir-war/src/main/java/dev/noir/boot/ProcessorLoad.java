package dev.noir.boot;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * How busy the processors of this machine are. Asked of the platform's MBean server by name: the interface with this number is
 * one of the JDK's own, which servers with modules (WildFly) do not show to applications. Thread: any.
 */
final class ProcessorLoad {
    private static final Logger LOG = System.getLogger(ProcessorLoad.class.getName());

    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();

    // Volatile: set by whichever thread finds out first.
    private volatile boolean known = true;

    /** From 0 to 1; 0 where the JVM cannot tell, or not yet. */
    double now() {
        if (!known) {
            return 0;
        }
        try {
            Object load = server.getAttribute(
                    ObjectName.getInstance(ManagementFactory.OPERATING_SYSTEM_MXBEAN_NAME), "CpuLoad");
            return load instanceof Number number ? Math.max(0, number.doubleValue()) : 0;
        } catch (JMException e) {
            known = false;
            LOG.log(Level.INFO, "This JVM does not tell how busy its processors are: {0}", e.getMessage());
            return 0;
        }
    }
}
