package dev.noir.media;

/**
 * What one loop has done since it was opened, and what it holds now.
 *
 * @param packetsForwarded RTP packets to subscribers, retransmissions included
 * @param packetsHandedOver RTP packets given to other loops, once for each
 * @param packetsSquelched RTP packets of squelched tracks, which went nowhere
 * @param packetsLate RTP packets of a flood, dropped since they had waited for too long to be of use
 * @param packetsUnread of clients that sent more than anybody needs, or what was not theirs
 * @param packetsRefused authentic RTP packets of no track: nobody negotiated them
 * @param datagramsAtWrongLoop reached this loop's port, and were handed over to the loop of their transport
 * @param checksForOtherNodes ICE checks with another node's user name fragment, dropped
 * @param bytesHeldBack not sent to an address that had not answered yet, each time that they could not be
 * @param droppedSrtp failed authentication or replayed
 * @param droppedRtp authentic but malformed, or of a subscriber
 * @param droppedMessages of data channels, by receiver: the channel was gone, or too much waited for it
 * @param channelsTooSlow closed, since their clients did not take what was sent to them
 * @param droppedReceive too large, or no packet buffer free
 * @param droppedSend the kernel did not take them
 * @param droppedHandover packets and requests that another loop had no room for
 * @param gsoRefused runs that had to be sent one by one
 * @param tcpOpened connections that a transport has taken
 * @param tcpRefused connections that were closed since there were too many, or nothing of ours came
 * @param droppedTcp packets that had waited for a connection for too long, or whose connection was gone
 * @param bugs broken assumptions of ours; each closed one transport
 * @param squelchedTracks of {@code tracks}
 * @param mirrors tracks of other loops that have down tracks here; not among {@code tracks}
 * @param tcpConnections strangers' among them
 */
public record LoopCounters(
        long datagramsIn,
        long datagramsOut,
        long bytesIn,
        long bytesOut,
        long packetsForwarded,
        long packetsRetransmitted,
        long packetsHandedOver,
        long packetsSquelched,
        long packetsLate,
        long packetsUnread,
        long packetsRefused,
        long datagramsAtWrongLoop,
        long checksForOtherNodes,
        long bytesHeldBack,
        long droppedUnknownPath,
        long droppedStun,
        long droppedDtls,
        long droppedSrtp,
        long droppedRtp,
        long droppedRtcp,
        long droppedSctp,
        long droppedMessages,
        long channelsTooSlow,
        long droppedReceive,
        long droppedSend,
        long droppedHandover,
        long droppedEvents,
        long gsoRefused,
        long tcpOpened,
        long tcpRefused,
        long droppedTcp,
        long bugs,
        int transports,
        int tracks,
        int squelchedTracks,
        int downTracks,
        int mirrors,
        int packetBuffers,
        int tcpConnections) {

    static final int SIZE = 39;

    /** In the order of the components. */
    static LoopCounters of(long[] v) {
        return new LoopCounters(
                v[0],
                v[1],
                v[2],
                v[3],
                v[4],
                v[5],
                v[6],
                v[7],
                v[8],
                v[9],
                v[10],
                v[11],
                v[12],
                v[13],
                v[14],
                v[15],
                v[16],
                v[17],
                v[18],
                v[19],
                v[20],
                v[21],
                v[22],
                v[23],
                v[24],
                v[25],
                v[26],
                v[27],
                v[28],
                v[29],
                v[30],
                v[31],
                (int) v[32],
                (int) v[33],
                (int) v[34],
                (int) v[35],
                (int) v[36],
                (int) v[37],
                (int) v[38]);
    }
}
