package dev.noir.room;

import dev.noir.access.Grant;
import dev.noir.room.RoomException.Code;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Says what the media of a room's peers is doing, and why: asks the loops, which answer some time later. Thread: rooms. */
final class Explanations {
    /** Peers in one answer; for others one asks by name. Each may have some hundred tracks of a kilobyte. */
    static final int MAX_PEERS = 25;

    /** A loop that does not answer in this time has other troubles. */
    static final Duration DEADLINE = Duration.ofSeconds(2);

    // Given.
    private final Room room;

    Explanations(Room room) {
        this.room = room;
    }

    /** A peer asks, for itself unless it names another one. */
    void explain(Peer asking, ModerationCommand.Explain command, Reply reply) {
        PeerName wanted = command.peer().orElse(asking.name());
        if (wanted.equals(asking.name())) {
            new Answer(List.of(asking), true, reply).ask();
        } else if (asking.rights().may(Grant.MODERATE)) {
            new Answer(List.of(find(wanted)), false, reply).ask();
        } else {
            throw new RoomException(Code.FORBIDDEN, "you may not do that");
        }
    }

    /** Another part of the server asks, for all unless it names one. */
    void explain(ModerationCommand.Explain command, Reply reply) {
        List<Peer> peers = command.peer().map(name -> List.of(find(name))).orElseGet(room::peers);
        new Answer(peers, true, reply).ask();
    }

    private Peer find(PeerName name) {
        Peer peer = room.find(name);
        if (peer == null) {
            throw new RoomException(Code.NO_SUCH_PEER, "there is no peer of that name");
        }
        return peer;
    }

    /** What was asked of the loops for a peer. */
    private record Asked(
            Peer peer,
            CompletableFuture<Optional<MediaExplanation>> publisher,
            CompletableFuture<Optional<MediaExplanation>> subscriber) {}

    /** One answer in the making. */
    private final class Answer {
        private final List<Peer> peers;
        private final int leftOut;
        private final boolean addresses;
        private final Reply reply;
        private boolean given;

        /** @param addresses whether whoever asks may know where clients are */
        Answer(List<Peer> peers, boolean addresses, Reply reply) {
            this.peers = peers.subList(0, Math.min(peers.size(), MAX_PEERS));
            this.leftOut = peers.size() - this.peers.size();
            this.addresses = addresses;
            this.reply = reply;
        }

        void ask() {
            List<Asked> asked = new ArrayList<>();
            List<CompletableFuture<?>> all = new ArrayList<>();
            for (Peer peer : peers) {
                Asked one =
                        new Asked(peer, peer.ingress().explain(), peer.egress().explain());
                asked.add(one);
                all.add(one.publisher);
                all.add(one.subscriber);
            }
            Scheduler.Timer deadline = room.schedule(DEADLINE, () -> fail("the media plane does not answer"));
            CompletableFuture<?> unused = CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                    .whenComplete((nothing, failure) -> {
                        deadline.cancel();
                        room.execute(() -> finish(asked, failure));
                    });
        }

        private void fail(String why) {
            if (!given) {
                given = true;
                reply.error(new RoomException(Code.UNAVAILABLE, why));
            }
        }

        private void finish(List<Asked> asked, @Nullable Throwable failure) {
            if (failure != null) {
                Room.LOG.log(Level.WARNING, room.id() + ": its media cannot be explained", failure);
                fail("the media plane has failed");
            } else if (!given) {
                given = true;
                reply.result(new ModerationResult.Explained(tree(asked)));
            }
        }

        private Map<String, Object> tree(List<Asked> asked) {
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("room", room.id().value());
            tree.put("peers", asked.stream().map(this::tree).toList());
            tree.put("peersLeftOut", leftOut);
            return tree;
        }

        private Map<String, Object> tree(Asked asked) {
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("uid", asked.peer.name().value());
            asked.publisher.join().ifPresent(said -> tree.put("publisher", publisher(asked.peer, said)));
            asked.subscriber.join().ifPresent(said -> tree.put("subscriber", subscriber(asked.peer, said)));
            return tree;
        }

        private Map<String, Object> connection(MediaExplanation said) {
            Map<String, Object> tree = new LinkedHashMap<>(said.figures());
            if (addresses) {
                tree.putAll(said.addresses());
            }
            return tree;
        }

        private Map<String, Object> publisher(Peer peer, MediaExplanation said) {
            List<Object> tracks = new ArrayList<>();
            for (MediaExplanation.Received received : said.received()) {
                Track track = peer.ingress().track(received.mid());
                if (track != null) { // Else it has ended meanwhile.
                    Map<String, Object> tree = named(track);
                    tree.put("why", track.isSquelched() ? LayerWords.SQUELCHED : LayerWords.AS_WANTED);
                    tree.putAll(received.figures());
                    tracks.add(tree);
                }
            }
            Map<String, Object> tree = connection(said);
            tree.put("tracks", tracks);
            return tree;
        }

        private Map<String, Object> subscriber(Peer peer, MediaExplanation said) {
            List<Object> tracks = new ArrayList<>();
            for (MediaExplanation.Sent sent : said.sent()) {
                Track track = peer.egress().track(sent.mid());
                if (track != null) {
                    Map<String, Object> tree = named(track);
                    tree.put("uid", track.owner().name().value());
                    tree.put(
                            "why",
                            track.isSquelched() ? LayerWords.SQUELCHED : LayerWords.of(sent.layers(), said.estimate()));
                    tree.putAll(sent.figures());
                    tracks.add(tree);
                }
            }
            Map<String, Object> tree = connection(said);
            tree.put("tracks", tracks);
            return tree;
        }

        private static Map<String, Object> named(Track track) {
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("stream", track.published().streamId());
            tree.put("kind", track.medium().name().toLowerCase(Locale.ROOT));
            tree.put("screen", track.published().screen());
            return tree;
        }
    }
}
