package dev.noir.boot.launch;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.Wrapper;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.servlets.DefaultServlet;
import org.apache.catalina.session.StandardManager;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.tomcat.util.scan.StandardJarScanFilter;
import org.apache.tomcat.util.scan.StandardJarScanner;

/**
 * The Tomcat inside the WAR with noiR as its only application, at {@code /}. {@link Main} makes it by reflection, in a
 * class loader that has Tomcat, and knows it by JDK types only.
 */
public final class EmbeddedTomcat implements Callable<List<Integer>>, AutoCloseable {
    // Bytes of each of several buffers that Tomcat keeps for every WebSocket; its default of 8 KiB makes 73 KB of them.
    private static final String SOCKET_BUFFER = "2048";

    // Threads that each port keeps when idle. Tomcat gives them work in turn, so that of its default of 10 the next is
    // always the coldest. While more are needed there are up to 200.
    private static final String IDLE_THREADS = "2";

    // After which others end; of Tomcat's default of 60 s, threads that a burst of joins has started keep 0.1 MB each.
    private static final String IDLE_THREAD_MILLIS = "10000";

    /** As in NoirApplication, which is loaded by the application's class loader and not seen from here. */
    private static final String BEFORE_STOP = "dev.noir.before-stop";

    private final Tomcat tomcat = new Tomcat();
    private final Context context;

    public EmbeddedTomcat(Path webapp, Path work, List<Integer> ports) {
        System.setProperty("org.apache.tomcat.websocket.DEFAULT_BUFFER_SIZE", SOCKET_BUFFER);
        tomcat.setBaseDir(work.toString());
        // Otherwise web.xml is parsed by the JVM's own class loader, which has no Tomcat.
        tomcat.getEngine().setParentClassLoader(EmbeddedTomcat.class.getClassLoader());
        for (int port : ports) {
            tomcat.getService().addConnector(connector(port));
        }
        tomcat.setAddDefaultWebXmlToWebapp(false);
        context = tomcat.addWebapp("", webapp.toString());
        configure(context);
        // An error page says what is wrong, not which version of what is running.
        ErrorReportValve errors = new ErrorReportValve();
        errors.setShowServerInfo(false);
        errors.setShowReport(false);
        tomcat.getHost().getPipeline().addValve(errors);
    }

    /** Starts, and tells the ports in the order given; 0 has become a free one. */
    @Override
    public List<Integer> call() throws LifecycleException {
        tomcat.start();
        if (!context.getState().isAvailable()) {
            throw new LaunchException("noiR did not start; the reason stands in the lines above.");
        }
        return List.of(tomcat.getService().findConnectors()).stream()
                .map(Connector::getLocalPort)
                .toList();
    }

    /** Tomcat stops listening before it stops noiR: what noiR wants to do while it still can be asked comes first. */
    @Override
    public void close() throws LifecycleException {
        if (context.getServletContext().getAttribute(BEFORE_STOP) instanceof Runnable beforeStop) {
            beforeStop.run();
        }
        tomcat.stop();
        tomcat.destroy();
    }

    private static Connector connector(int port) {
        Connector connector = new Connector();
        connector.setPort(port);
        connector.setThrowOnFailure(true);
        connector.setProperty("compression", "on");
        connector.setProperty("minSpareThreads", IDLE_THREADS);
        connector.setProperty("threadsMaxIdleTime", IDLE_THREAD_MILLIS);
        connector.setProperty("socket.appReadBufSize", SOCKET_BUFFER);
        connector.setProperty("socket.appWriteBufSize", SOCKET_BUFFER);
        return connector;
    }

    /** What Tomcat's own conf/web.xml gives an application, less the JSP engine that we leave out. */
    private static void configure(Context context) {
        Wrapper files = Tomcat.addServlet(context, "default", new DefaultServlet());
        files.setLoadOnStartup(1);
        files.addMapping("/");
        Tomcat.addDefaultMimeTypeMappings(context);
        context.addMimeMapping("mjs", "text/javascript");
        context.addWelcomeFile("index.html");
        StandardManager sessions = new StandardManager();
        // An empty name: sessions are not written to disk on stop.
        sessions.setPathname("");
        context.setManager(sessions);
        StandardJarScanner scanner = new StandardJarScanner();
        scanner.setScanManifest(false);
        StandardJarScanFilter filter = new StandardJarScanFilter();
        filter.setPluggabilitySkip("*.jar");
        filter.setTldSkip("*.jar");
        scanner.setJarScanFilter(filter);
        context.setJarScanner(scanner);
    }
}
