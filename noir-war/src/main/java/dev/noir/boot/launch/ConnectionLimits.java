package dev.noir.boot.launch;

import java.time.Duration;

/**
 * What strangers may cost a port before noiR itself is asked.
 *
 * @param connections open at the same time
 * @param threads that work on requests at the same time
 * @param requestsPerAddress that are worked on at the same time, WebSockets aside; more of them wait, without a thread
 * @param header from the first octet of a request to the end of its header
 * @param request from there to its end
 */
record ConnectionLimits(int connections, int threads, int requestsPerAddress, Duration header, Duration request) {

    /** For pages and signalling: Tomcat's own numbers, and a third of the threads for an address. */
    static final ConnectionLimits PAGES =
            new ConnectionLimits(8192, 200, 64, Duration.ofSeconds(10), Duration.ofSeconds(60));

    /** For those who look whether the node is there. */
    static final ConnectionLimits HEALTH = new ConnectionLimits(64, 4, 2, Duration.ofSeconds(2), Duration.ofSeconds(5));

    /** Of a port whose connections are counted by themselves. */
    int connectionsPerAddress() {
        return connections / 4;
    }
}
