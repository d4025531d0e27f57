package dev.noir.playing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsServer;
import dev.noir.room.FakeScheduler;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of a server of HTTPS, of which more than its address has to be right. */
final class EncryptedFilesTest {
    private static final byte[] FILM = IvfFileTest.file(20);
    private static final String HOST = "films.example";
    private static final String SECRET = "changeit";

    /** With the key of {@link #HOST}, and with nobody else's. */
    private static SSLContext context;

    private volatile String asked = "";
    private HttpsServer server;

    @BeforeAll
    static void makeCertificate(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("keys.p12");
        Path tool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        String words =
                "%s -genkeypair -alias films -keyalg EC -dname CN=films -ext SAN=dns:%s -validity 2 -storetype PKCS12 -storepass %s -keystore %s";
        Process keytool = new ProcessBuilder(
                        words.formatted(tool, HOST, SECRET, file).split(" "))
                .inheritIO()
                .start();
        assertTrue(keytool.waitFor(60, TimeUnit.SECONDS));
        context = context(file);
    }

    private static SSLContext context(Path file) throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream stored = Files.newInputStream(file)) {
            keys.load(stored, SECRET.toCharArray());
        }
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, SECRET.toCharArray());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("films", keys.getCertificate("films"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext made = SSLContext.getInstance("TLS");
        made.init(own.getKeyManagers(), trust.getTrustManagers(), null);
        return made;
    }

    @BeforeEach
    void serve() throws IOException {
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext("/films/a.ivf", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        ExtendedSSLSession session = (ExtendedSSLSession) ((HttpsExchange) exchange).getSSLSession();
        asked = ((SNIHostName) session.getRequestedServerNames().get(0)).getAsciiName();
        try (exchange) {
            exchange.sendResponseHeaders(200, FILM.length);
            exchange.getResponseBody().write(FILM);
        }
    }

    private FrameSource open(String host, SSLSocketFactory encryption) throws IOException {
        String listed = "https://" + host + ":" + server.getAddress().getPort() + "/films/";
        UrlFiles files = new UrlFiles(
                new UrlRules(List.of(URI.create(listed)), true),
                2L * FILM.length,
                name -> new InetAddress[] {InetAddress.getLoopbackAddress()},
                encryption,
                new FakeScheduler());
        return files.open(listed + "a.ivf");
    }

    private void assertRefused(String host, SSLSocketFactory encryption) {
        String words = String.valueOf(assertThrows(MediaFileException.class, () -> open(host, encryption))
                .getMessage());
        assertTrue(words.startsWith(host + " cannot be asked, or not to the end: "), words);
        assertEquals("", asked, "nothing was asked for");
    }

    @Test
    void whoShowsThatItIsTheHostIsAsked() throws IOException {
        try (FrameSource source = open(HOST, context.getSocketFactory())) {
            assertEquals(20, UrlFilesTest.frames(source));
        }
        assertEquals(HOST, asked, "by its name: many are at one address");
    }

    @Test
    void whoHasACertificateOfAnotherHostIsNot() {
        assertRefused("other.example", context.getSocketFactory());
    }

    @Test
    void whomNobodyVouchesForIsNot() {
        assertRefused(HOST, (SSLSocketFactory) SSLSocketFactory.getDefault());
    }
}
