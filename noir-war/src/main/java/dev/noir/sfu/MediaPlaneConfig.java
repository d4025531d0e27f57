package dev.noir.sfu;

import dev.noir.media.AudioSettings;
import dev.noir.media.PlayoutDelay;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the media plane is opened with.
 *
 * @param port UDP (and TCP) port of loop 0, loop <i>i</i> uses {@code port + i}; 0 = any free one for each
 * @param loops at least 1
 * @param bindAddresses empty = every address that others can reach
 * @param announcedAddresses what clients are told instead, behind 1:1 NAT; empty = the bound ones
 * @param node 24 bits of the node's id, by which checks for other nodes are told apart
 * @param tcp clients may come by TCP, too
 * @param pagesPort a TCP port of somebody who hands over connections for media ({@link NativeMediaPlane#pagesPort}); empty: none
 * @param audio how it is found out who speaks
 * @param playoutDelay of all video, in place of what publishers say
 */
public record MediaPlaneConfig(
        int port,
        int loops,
        List<InetAddress> bindAddresses,
        List<InetAddress> announcedAddresses,
        int node,
        boolean tcp,
        OptionalInt pagesPort,
        AudioSettings audio,
        Optional<PlayoutDelay> playoutDelay) {}
