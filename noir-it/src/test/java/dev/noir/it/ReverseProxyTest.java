package dev.noir.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The distribution's nginx and Apache in front of a Tomcat, with the files of {@code config/}: people come in by them. */
final class ReverseProxyTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String MODULES = "/usr/lib/apache2/modules/mod_";

    private static AppServer tomcat;
    private static WebRtc webRtc;

    @BeforeAll
    static void start() throws Exception {
        webRtc = new WebRtc();
        tomcat = Server.TOMCAT_10.start();
        tomcat.awaitStarted();
        tomcat.deploy();
    }

    @AfterAll
    static void stop() {
        tomcat.close();
        webRtc.close();
    }

    @Test
    void nginx() throws Exception {
        try (Instance instance = new Instance("nginx")) {
            int port = Instance.freePort();
            instance.install(
                    "nginx/noir.conf",
                    "noir.conf",
                    Map.of("listen 80;", "listen 127.0.0.1:" + port + ";", "127.0.0.1:8080", backend()));
            instance.write(
                    "nginx.conf",
                    """
                    daemon off;
                    master_process off;
                    pid nginx.pid;
                    error_log stderr;
                    events {}
                    http {
                      access_log off;
                      client_body_temp_path tmp/body;
                      proxy_temp_path tmp/proxy;
                      fastcgi_temp_path tmp/fastcgi;
                      uwsgi_temp_path tmp/uwsgi;
                      scgi_temp_path tmp/scgi;
                      include noir.conf;
                    }
                    """);
            peopleComeIn(
                    List.of(
                            "/usr/sbin/nginx",
                            "-p",
                            instance.path("").toString(),
                            "-c",
                            instance.path("nginx.conf").toString()),
                    port);
        }
    }

    @Test
    void apache() throws Exception {
        try (Instance instance = new Instance("apache")) {
            int port = Instance.freePort();
            instance.install(
                    "apache/noir.conf",
                    "noir.conf",
                    Map.of("<VirtualHost *:80>", "<VirtualHost *:" + port + ">", "127.0.0.1:8080", backend()));
            StringBuilder conf = new StringBuilder("ServerName localhost\nPidFile httpd.pid\nErrorLog /dev/stderr\n");
            for (String module :
                    List.of("mpm_event", "authz_core", "proxy", "proxy_http", "proxy_wstunnel", "headers")) {
                conf.append("LoadModule " + module + "_module " + MODULES + module + ".so\n");
            }
            conf.append("DefaultRuntimeDir " + instance.path("") + "\nListen 127.0.0.1:" + port + "\n");
            // Of no effect unless it is root who starts it.
            conf.append("User www-data\nGroup www-data\n");
            conf.append("Include " + instance.path("noir.conf") + "\n");
            instance.write("apache.conf", conf.toString());
            peopleComeIn(
                    List.of(
                            "/usr/sbin/apache2",
                            "-DFOREGROUND",
                            "-d",
                            instance.path("").toString(),
                            "-f",
                            instance.path("apache.conf").toString()),
                    port);
        }
    }

    private static String backend() {
        return "127.0.0.1:" + tomcat.http("").getPort();
    }

    private static void peopleComeIn(List<String> command, int port) throws Exception {
        String name = Path.of(command.get(0)).getFileName().toString();
        try (JavaProcess proxy = JavaProcess.launch(name, command, Map.of())) {
            String address = "localhost:" + port;
            proxy.awaitStatus(URI.create("http://" + address + "/noir/health/ready"), 200, LIMIT);
            assertEquals(
                    200,
                    proxy.get(URI.create("http://" + address + "/noir/gallery.html"))
                            .statusCode());
            URI signalling = URI.create("ws://" + address + "/noir/ws");
            try (IonPeer publisher = new IonPeer(webRtc, signalling, origin("http://" + address));
                    IonPeer listener = new IonPeer(webRtc, signalling, origin("http://" + address));
                    SyntheticMedia media = new SyntheticMedia(webRtc, name)) {
                publisher.join(name, "publisher");
                listener.join(name, "listener");
                publisher.publish("stream", media.tracks());
                Deadline.await("pictures", LIMIT, () -> listener.videoFrames() >= 10);
            }
            assertThrows(
                    CompletionException.class, () -> new IonSignal(signalling, origin("http://evil.example")).close());
        }
    }

    /** As a page of that site has it in its handshake. */
    private static Map<String, String> origin(String site) {
        return Map.of("Origin", site);
    }
}
