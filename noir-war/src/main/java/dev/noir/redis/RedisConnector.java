package dev.noir.redis;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.DefaultJedisSocketFactory;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.exceptions.JedisConnectionException;

/**
 * Opens connections: user, password, TLS, name. Of Jedis only its {@link Connection} is used, see ADR 11. Thread: any.
 */
final class RedisConnector {
    private static final Logger LOG = System.getLogger(RedisConnector.class.getName());

    private final RedisUrl url;
    private final String clientName;
    private final Duration limit;
    private final @Nullable SSLSocketFactory tls;

    /**
     * Reads the file of certificates, if one is named.
     *
     * @param clientName as CLIENT LIST shows it
     * @param limit for connecting
     */
    RedisConnector(RedisUrl url, String clientName, Duration limit) {
        this.url = url;
        this.clientName = clientName;
        this.limit = limit;
        this.tls = url.tls() ? tls(url.ca().orElse(null)) : null;
    }

    Duration limit() {
        return limit;
    }

    RedisUrl url() {
        return url;
    }

    /**
     * To a Redis server.
     *
     * @param replyLimit how long to wait for a reply
     */
    Connection connect(HostAndPort server, Duration replyLimit) {
        return open(
                server,
                config(replyLimit)
                        .user(url.user())
                        .password(url.password())
                        .database(url.database())
                        .build());
    }

    /** To a sentinel. */
    Connection connectToSentinel(HostAndPort sentinel) {
        return open(sentinel, config(limit).password(url.sentinelPassword()).build());
    }

    private Connection open(HostAndPort server, JedisClientConfig config) {
        return tls == null
                ? new Connection(server, config)
                : new Connection(new TlsSockets(server, config, tls), config);
    }

    private DefaultJedisClientConfig.Builder config(Duration replyLimit) {
        return DefaultJedisClientConfig.builder()
                .connectionTimeoutMillis((int) limit.toMillis())
                .socketTimeoutMillis((int) replyLimit.toMillis())
                .protocol(RedisProtocol.RESP2)
                .clientName(clientName)
                // One more command, and the only way to the logging framework that we do without (ADR 11).
                .clientSetInfoConfig(ClientSetInfoConfig.DISABLED);
    }

    /** TLS over the plain sockets of Jedis: its own options for it are deprecated, or need a logging framework. */
    private static final class TlsSockets extends DefaultJedisSocketFactory {
        private final HostAndPort server;
        private final SSLSocketFactory tls;

        TlsSockets(HostAndPort server, JedisClientConfig config, SSLSocketFactory tls) {
            super(server, config);
            this.server = server;
            this.tls = tls;
        }

        @Override
        public Socket createSocket() {
            Socket plain = super.createSocket();
            try {
                SSLSocket socket = (SSLSocket) tls.createSocket(plain, server.getHost(), server.getPort(), true);
                SSLParameters parameters = socket.getSSLParameters();
                // The certificate must be the server's, not just anybody's (RFC 2818 §3.1).
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                socket.setSSLParameters(parameters);
                socket.startHandshake();
                return socket;
            } catch (IOException e) {
                closeQuietly(plain);
                throw new JedisConnectionException("No TLS with " + server, e);
            }
        }

        private static void closeQuietly(Socket socket) {
            try {
                socket.close();
            } catch (IOException e) {
                LOG.log(Level.DEBUG, "A socket to Redis did not close", e);
            }
        }
    }

    private static SSLSocketFactory tls(@Nullable Path ca) {
        if (ca == null) {
            return (SSLSocketFactory) SSLSocketFactory.getDefault();
        }
        try (InputStream file = Files.newInputStream(ca)) {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            int number = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(file)) {
                trusted.setCertificateEntry("ca" + number++, certificate);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context.getSocketFactory();
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException("names certificates that can't be read: " + ca, e);
        }
    }
}
