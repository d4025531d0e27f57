package dev.noir.boot.launch;

import dev.noir.access.Network;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.Wrapper;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.servlets.DefaultServlet;
import org.apache.catalina.session.StandardManager;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.apache.tomcat.util.scan.StandardJarScanFilter;
import org.apache.tomcat.util.scan.StandardJarScanner;

/**
 * The Tomcat inside the WAR with noiR as its only application, at {@code /}. {@link Main} makes it by reflection, in a
 * class loader that has Tomcat, and knows it by JDK types only.
 */
public final class EmbeddedTomcat implements Callable<List<Integer>>, AutoCloseable {
    // Bytes of each of several buffers that Tomcat keeps for every WebSocket; its default of 8 KiB makes 73 KB of them.
    // What is longer, descriptions alone, goes in parts.
    private static final String SOCKET_BUFFER = "1024";

    // Threads that each port keeps when idle. Tomcat gives them work in turn, so that of its default of 10 the next is
    // always the coldest. While more are needed there are up to 200.
    private static final String IDLE_THREADS = "2";

    // After which others end. A burst of joins starts dozens, of 0.1 MB each, and what hundreds of silent sockets do
    // afterwards, a ping now and then, is given to all of them in turn: by Tomcat's default of 60 s hardly one ends.
    private static final String IDLE_THREAD_MILLIS = "2000";

    // Seconds, between looks for WebSockets whose close has not been answered in time.
    private static final String CLOSE_LOOK = "1";

    /** As in NoirApplication, which is loaded by the application's class loader and not seen from here. */
    private static final String BEFORE_STOP = "dev.noir.before-stop";

    /** As in NoirApplication: what takes connections for media. */
    private static final String MEDIA = "dev.noir.media-connections";

    // Tomcat's default for the header of a request is 100 lines; browsers send less than 30, and proxies add a few.
    private static final int MAX_HEADERS = 64;

    // For pages: a page and all that belongs to it come over one connection. Nobody asks for health twice in a row.
    private static final int REQUESTS_PER_CONNECTION = 100;

    private static final Duration IDLE_CONNECTION = Duration.ofSeconds(20);

    private static final String HEALTH = "/health/";

    // With the login, for those who come with a browser.
    private static final List<String> MANAGEMENT =
            List.of("/admin/", HEALTH, "/metrics", "/auth/", "/css/", "/js/", "/img/");

    // Octets of a body that nobody has read which are taken so that the answer can be seen. All bodies that we want are
    // short.
    private static final int UNREAD_BODY = 64 * 1024;

    private final Tomcat tomcat = new Tomcat();
    private final Context context;
    private final List<GuardedEndpoint> pages = new ArrayList<>();
    private final List<Connector> pageConnectors = new ArrayList<>();

    /**
     * @param healthPort of one more port, for /health/ alone
     * @param managementPort which of the ports is for management alone
     * @param connectionsPerAddress on all ports but that one; 0: no limit
     * @param proxies networks that have no limit either
     * @param tls files with the certificates and the key for the ports of the pages, in PEM form; empty: http
     */
    public EmbeddedTomcat(
            Path webapp,
            Path work,
            List<Integer> ports,
            OptionalInt healthPort,
            OptionalInt managementPort,
            int connectionsPerAddress,
            List<String> proxies,
            List<String> tls) {
        this(webapp, work, ports, healthPort, connectionsPerAddress, proxies, ConnectionLimits.PAGES);
        if (!tls.isEmpty()) {
            pageConnectors.forEach(connector -> encrypt(connector, tls.get(0), tls.get(1)));
        }
        managementPort.ifPresent(this::manageAt);
    }

    EmbeddedTomcat(
            Path webapp,
            Path work,
            List<Integer> ports,
            OptionalInt healthPort,
            int connectionsPerAddress,
            List<String> proxies,
            ConnectionLimits limits) {
        System.setProperty("org.apache.tomcat.websocket.DEFAULT_PROCESS_PERIOD", CLOSE_LOOK);
        System.setProperty("org.apache.tomcat.websocket.DEFAULT_BUFFER_SIZE", SOCKET_BUFFER);
        tomcat.setBaseDir(work.toString());
        // Otherwise web.xml is parsed by the JVM's own class loader, which has no Tomcat.
        tomcat.getEngine().setParentClassLoader(EmbeddedTomcat.class.getClassLoader());
        List<Network> exempt = proxies.stream().map(Network::parse).toList();
        AddressShares shares = new AddressShares(Math.min(connectionsPerAddress, limits.connections() / 2), exempt);
        for (int port : ports) {
            int requests = connectionsPerAddress == 0 ? 0 : limits.requestsPerAddress();
            GuardedEndpoint endpoint = new GuardedEndpoint(limits, shares, new AddressShares(requests, exempt));
            pages.add(endpoint);
            Connector connector = connector(port, limits, endpoint);
            pageConnectors.add(connector);
            tomcat.getService().addConnector(connector);
        }
        healthPort.ifPresent(port -> addHealth(port, exempt));
        tomcat.setAddDefaultWebXmlToWebapp(false);
        context = tomcat.addWebapp("", webapp.toString());
        configure(context);
        // An error page says what is wrong, not which version of what is running.
        ErrorReportValve errors = new ErrorReportValve();
        errors.setShowServerInfo(false);
        errors.setShowReport(false);
        tomcat.getHost().getPipeline().addValve(errors);
    }

    private void manageAt(int port) {
        pageConnectors.stream()
                .filter(connector -> connector.getPort() == port)
                .forEach(connector -> tomcat.getEngine().getPipeline().addValve(new PortValve(connector, MANAGEMENT)));
    }

    private void addHealth(int port, List<Network> exempt) {
        ConnectionLimits limits = ConnectionLimits.HEALTH;
        GuardedEndpoint endpoint = new GuardedEndpoint(
                limits,
                new AddressShares(limits.connectionsPerAddress(), exempt),
                new AddressShares(limits.requestsPerAddress(), exempt));
        Connector connector = connector(port, limits, endpoint);
        connector.setProperty("maxKeepAliveRequests", "1");
        tomcat.getService().addConnector(connector);
        tomcat.getEngine().getPipeline().addValve(new PortValve(connector, List.of(HEALTH)));
    }

    /** Starts, and tells the ports in the order given, that of health last; 0 has become a free one. */
    @Override
    public List<Integer> call() throws LifecycleException {
        tomcat.start();
        if (!context.getState().isAvailable()) {
            throw new LaunchException("noiR did not start; the reason stands in the lines above.");
        }
        if (context.getServletContext().getAttribute(MEDIA) instanceof Predicate<?> media) {
            @SuppressWarnings("unchecked") // Both sides know it by this name.
            Predicate<SocketChannel> takes = (Predicate<SocketChannel>) media;
            tellApart(takes);
        }
        return List.of(tomcat.getService().findConnectors()).stream()
                .map(Connector::getLocalPort)
                .toList();
    }

    /** On the ports of the pages. */
    void tellApart(Predicate<SocketChannel> takes) {
        pages.forEach(endpoint -> endpoint.tellApart(takes));
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

    private static Connector connector(int port, ConnectionLimits limits, GuardedEndpoint endpoint) {
        Connector connector = new Connector(new Http11NioProtocol(endpoint));
        connector.setPort(port);
        connector.setThrowOnFailure(true);
        connector.setProperty("compression", "on");
        connector.setProperty("maxConnections", String.valueOf(limits.connections()));
        connector.setProperty("maxThreads", String.valueOf(limits.threads()));
        connector.setProperty("minSpareThreads", IDLE_THREADS);
        connector.setProperty("threadsMaxIdleTime", IDLE_THREAD_MILLIS);
        connector.setProperty(
                "connectionTimeout", String.valueOf(limits.header().toMillis()));
        connector.setProperty("keepAliveTimeout", String.valueOf(IDLE_CONNECTION.toMillis()));
        connector.setProperty("maxKeepAliveRequests", String.valueOf(REQUESTS_PER_CONNECTION));
        connector.setProperty("maxHeaderCount", String.valueOf(MAX_HEADERS));
        connector.setProperty("maxSwallowSize", String.valueOf(UNREAD_BODY));
        connector.setProperty("socket.appReadBufSize", SOCKET_BUFFER);
        connector.setProperty("socket.appWriteBufSize", SOCKET_BUFFER);
        return connector;
    }

    private static void encrypt(Connector connector, String certificates, String key) {
        connector.setScheme("https");
        connector.setSecure(true);
        connector.setProperty("SSLEnabled", "true");
        SSLHostConfig host = new SSLHostConfig();
        host.setProtocols("TLSv1.2+TLSv1.3");
        SSLHostConfigCertificate certificate =
                new SSLHostConfigCertificate(host, SSLHostConfigCertificate.Type.UNDEFINED);
        certificate.setCertificateFile(certificates);
        certificate.setCertificateKeyFile(key);
        host.addCertificate(certificate);
        connector.addSslHostConfig(host);
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
