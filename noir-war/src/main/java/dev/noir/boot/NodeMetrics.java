package dev.noir.boot;

import dev.noir.admin.Metrics;
import dev.noir.admin.MetricsPage;
import dev.noir.media.LoopCounters;
import dev.noir.room.RoomService;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToLongFunction;

/** What a node tells its operator: rooms and peers, and what all media loops have done together. Thread: any. */
final class NodeMetrics implements Metrics.Source {
    private final RoomService rooms;
    private final LoopMetrics asking;

    NodeMetrics(RoomService rooms, LoopMetrics asking) {
        this.rooms = rooms;
        this.asking = asking;
    }

    @Override
    public void collect(MetricsPage page) {
        page.gauge("noir_rooms", "Rooms hosted by this node", rooms.rooms());
        page.gauge("noir_peers", "Peers in these rooms", rooms.peers());
        page.gauge("sfu_sessions", "noir_rooms by its name in ion-sfu", rooms.rooms());
        page.gauge("sfu_peers", "noir_peers by its name in ion-sfu", rooms.peers());
        page.counter(
                "noir_room_flooded_messages_total",
                "Data channel messages that rooms did not pass on, since there were too many",
                rooms.floodedMessages());
        List<CompletableFuture<LoopCounters>> asked = asking.ask();
        List<LoopCounters> loops = LoopAnswers.of(asked);
        page.gauge("noir_media_loops", "Media loops that answer", loops.size());
        // A loop that hangs must not make all others' numbers look smaller: no numbers are better than wrong ones.
        if (loops.size() == asked.size()) {
            held(page, loops);
            done(page, loops);
            dropped(page, loops);
            tcp(page, loops);
        }
    }

    private static void held(MetricsPage page, List<LoopCounters> loops) {
        page.gauge("noir_media_transports", "ICE/DTLS transports", sum(loops, LoopCounters::transports));
        page.gauge("noir_media_tracks", "Published tracks", sum(loops, LoopCounters::tracks));
        page.gauge(
                "noir_media_squelched_tracks",
                "Published tracks that reach nobody",
                sum(loops, LoopCounters::squelchedTracks));
        page.gauge("noir_media_down_tracks", "Copies of tracks for subscribers", sum(loops, LoopCounters::downTracks));
        page.gauge("noir_media_mirrors", "Tracks with subscribers on another loop", sum(loops, LoopCounters::mirrors));
        page.gauge("noir_media_packet_buffers", "Packet buffers in use", sum(loops, LoopCounters::packetBuffers));
    }

    private static void done(MetricsPage page, List<LoopCounters> loops) {
        page.counter("noir_media_datagrams_in_total", "Datagrams received", sum(loops, LoopCounters::datagramsIn));
        page.counter("noir_media_datagrams_out_total", "Datagrams sent", sum(loops, LoopCounters::datagramsOut));
        page.counter("noir_media_bytes_in_total", "UDP payload received", sum(loops, LoopCounters::bytesIn));
        page.counter("noir_media_bytes_out_total", "UDP payload sent", sum(loops, LoopCounters::bytesOut));
        page.counter(
                "noir_media_packets_forwarded_total",
                "RTP packets sent to subscribers",
                sum(loops, LoopCounters::packetsForwarded));
        page.counter(
                "noir_media_packets_retransmitted_total",
                "RTP packets sent again on request",
                sum(loops, LoopCounters::packetsRetransmitted));
        page.counter(
                "noir_media_packets_handed_over_total",
                "RTP packets given to another loop for its subscribers",
                sum(loops, LoopCounters::packetsHandedOver));
        page.counter(
                "noir_media_datagrams_at_wrong_loop_total",
                "Datagrams that reached another loop's port than their transport's, and were passed on",
                sum(loops, LoopCounters::datagramsAtWrongLoop));
    }

    private static void tcp(MetricsPage page, List<LoopCounters> loops) {
        page.gauge("noir_media_tcp_connections", "Of media", sum(loops, LoopCounters::tcpConnections));
        page.counter("noir_media_tcp_opened_total", "Taken by a transport", sum(loops, LoopCounters::tcpOpened));
        page.counter(
                "noir_media_tcp_refused_total",
                "Closed: too many, too slow, or nothing of ours",
                sum(loops, LoopCounters::tcpRefused));
        page.counter(
                "noir_media_dropped_tcp_total",
                "Packets that waited for a connection for too long",
                sum(loops, LoopCounters::droppedTcp));
    }

    private static void dropped(MetricsPage page, List<LoopCounters> loops) {
        page.counter(
                "noir_media_packets_squelched_total",
                "RTP packets of squelched tracks",
                sum(loops, LoopCounters::packetsSquelched));
        page.counter(
                "noir_media_packets_refused_total",
                "RTP packets that nobody negotiated",
                sum(loops, LoopCounters::packetsRefused));
        page.counter(
                "noir_media_packets_late_total",
                "RTP packets that had waited for too long to be of use",
                sum(loops, LoopCounters::packetsLate));
        page.counter(
                "noir_media_packets_unread_total",
                "Packets beyond what one client may send",
                sum(loops, LoopCounters::packetsUnread));
        page.counter(
                "noir_media_bytes_held_back_total",
                "Bytes not sent to addresses that had not answered yet",
                sum(loops, LoopCounters::bytesHeldBack));
        page.counter(
                "noir_media_checks_for_other_nodes_total",
                "ICE checks that something has sent to the wrong node",
                sum(loops, LoopCounters::checksForOtherNodes));
        page.counter(
                "noir_media_dropped_unknown_path_total",
                "Datagrams from addresses nobody vouched for",
                sum(loops, LoopCounters::droppedUnknownPath));
        page.counter("noir_media_dropped_stun_total", "Bad STUN", sum(loops, LoopCounters::droppedStun));
        page.counter("noir_media_dropped_dtls_total", "Bad DTLS", sum(loops, LoopCounters::droppedDtls));
        page.counter("noir_media_dropped_srtp_total", "Forged or replayed SRTP", sum(loops, LoopCounters::droppedSrtp));
        page.counter("noir_media_dropped_rtp_total", "Bad RTP", sum(loops, LoopCounters::droppedRtp));
        page.counter("noir_media_dropped_rtcp_total", "Bad RTCP", sum(loops, LoopCounters::droppedRtcp));
        page.counter("noir_media_dropped_sctp_total", "Bad SCTP", sum(loops, LoopCounters::droppedSctp));
        page.counter(
                "noir_media_dropped_messages_total",
                "Data channel messages that a receiver could not take",
                sum(loops, LoopCounters::droppedMessages));
        page.counter(
                "noir_media_channels_too_slow_total",
                "Data channels closed, since their clients took nothing",
                sum(loops, LoopCounters::channelsTooSlow));
        page.counter(
                "noir_media_dropped_receive_total", "No buffer was free", sum(loops, LoopCounters::droppedReceive));
        page.counter("noir_media_dropped_send_total", "Not taken by the kernel", sum(loops, LoopCounters::droppedSend));
        page.counter(
                "noir_media_dropped_handover_total",
                "Packets that another loop was too busy for",
                sum(loops, LoopCounters::droppedHandover));
        page.counter("noir_media_bugs_total", "Transports closed for a bug of ours", sum(loops, LoopCounters::bugs));
    }

    private static long sum(List<LoopCounters> loops, ToLongFunction<LoopCounters> counter) {
        return loops.stream().mapToLong(counter).sum();
    }
}
