package dev.noir.room;

import dev.noir.access.Entrance;
import dev.noir.access.OpenEntrance;
import dev.noir.access.TakenName;
import dev.noir.event.RoomEvent;
import dev.noir.lease.LocalRoomDirectory;
import dev.noir.room.FakeMediaPlane.FakeTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A core with everything around it faked; tasks run at once on the test's thread. */
final class RoomFixture {
    static final RoomOptions OPTIONS = RoomOptions.DEFAULT.withMaxPeers(3);
    static final RoomLimits LIMITS = new RoomLimits(
            4, Duration.ofSeconds(10), 3, Duration.ofSeconds(10), Duration.ofSeconds(5), Duration.ofSeconds(20));

    final FakeScheduler scheduler = new FakeScheduler();
    final List<RoomEvent> events = new ArrayList<>();
    final FakeRecorder recorder = new FakeRecorder();
    final FakeProjector projector = new FakeProjector();
    final FakeMediaPlane media = new FakeMediaPlane();
    final LocalRoomDirectory.Shared leases;
    final FallibleDirectory directory;
    final RoomService rooms;
    private final Entrance entrance;
    private final TakenName taken;
    private final RoomOptions options;

    RoomFixture() {
        this(OPTIONS);
    }

    RoomFixture(RoomOptions options) {
        this(options, new OpenEntrance(), TakenName.REPLACE);
    }

    RoomFixture(RoomOptions options, Entrance entrance, TakenName taken) {
        this(options, entrance, taken, "node", null);
    }

    private RoomFixture(
            RoomOptions options,
            Entrance entrance,
            TakenName taken,
            String node,
            LocalRoomDirectory.@Nullable Shared shared) {
        this.options = options;
        this.entrance = entrance;
        this.taken = taken;
        leases = shared == null ? new LocalRoomDirectory.Shared(scheduler::nanoTime) : shared;
        directory = new FallibleDirectory(new LocalRoomDirectory(node, leases));
        rooms = new RoomService(
                options,
                LIMITS,
                directory,
                media,
                new FakeApiMessages(),
                events::add,
                scheduler,
                Runnable::run,
                new Random(1),
                TestAccess.of(entrance, taken, scheduler),
                recorder,
                projector);
    }

    /** The next host, after this one has died without a word. */
    RoomFixture afterItsDeath() {
        leases.expire(directory.node());
        return new RoomFixture(options, entrance, taken, directory.node() + "+", leases);
    }

    FakeClient client() {
        return new FakeClient(rooms);
    }

    FakeClient join(String room, String name) {
        return client().join(room, name, TestSdp.dataOnly(), JoinConfig.NONE);
    }

    FakeClient join(String room, String name, String offer) {
        return client().join(room, name, offer, JoinConfig.NONE);
    }

    /** Joined, first offer answered, both transports connected. */
    FakeClient settled(String room, String name) {
        FakeClient client = join(room, name);
        client.answerLast();
        last(TransportRole.PUBLISHER).tell(TransportState.CONNECTED, MediaEnd.NONE);
        last(TransportRole.SUBSCRIBER).tell(TransportState.CONNECTED, MediaEnd.NONE);
        return client;
    }

    /** The transport opened last with this role. */
    FakeTransport last(TransportRole role) {
        List<FakeTransport> transports = media.rooms.get(media.rooms.size() - 1).transports;
        return transports.stream()
                .filter(transport -> transport.role == role)
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    /**
     * A notation that is easy to write: "streamId video framerate audio", "streamId layer,layer" or "streamId trackId width
     * height priority visible" and how often.
     */
    private static final class FakeApiMessages implements ApiMessages {
        @Override
        public Optional<ApiMessage> parse(String text) {
            if (text.equals("bug")) {
                throw new IllegalStateException("expected by a test");
            }
            String[] words = text.split(" ", -1);
            if (words[0].equals("understands")) {
                return Optional.of(new ApiMessage.Understands(text.endsWith(" wantedLayers")));
            }
            return switch (words.length) {
                case 4 ->
                    Optional.of(new ApiMessage.ReceiverControl(
                            words[0], words[1], words[2], Boolean.parseBoolean(words[3])));
                case 6 -> Optional.of(new ApiMessage.Wishes(List.of(wish(words))));
                case 7 ->
                    Optional.of(new ApiMessage.Wishes(Collections.nCopies(Integer.parseInt(words[6]), wish(words))));
                case 2 -> Optional.of(new ApiMessage.PublisherControl(words[0], List.of(words[1].split(",", -1))));
                default -> Optional.empty();
            };
        }

        private static ApiMessage.Wish wish(String[] words) {
            return new ApiMessage.Wish(
                    words[0],
                    words[1].equals("-") ? null : words[1],
                    Integer.parseInt(words[2]),
                    Integer.parseInt(words[3]),
                    Integer.parseInt(words[4]),
                    Boolean.parseBoolean(words[5]));
        }

        @Override
        public String wantedLayers(String streamId, String mid, List<String> rids) {
            return streamId + " " + mid + " wanted " + rids.size() + " " + rids;
        }

        @Override
        public String activeLayer(String streamId, String activeLayer, List<String> availableLayers) {
            return streamId + " " + activeLayer + " " + availableLayers;
        }

        @Override
        public String audioLevels(List<String> streamIds) {
            return "speakers " + streamIds;
        }
    }
}
