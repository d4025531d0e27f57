package dev.noir.sdp;

import java.util.Optional;

/** Who sends in a section or uses a header extension, seen from the author of the description. */
enum Direction {
    SENDRECV("sendrecv"),
    SENDONLY("sendonly"),
    RECVONLY("recvonly"),
    INACTIVE("inactive");

    private final String sdpName;

    Direction(String sdpName) {
        this.sdpName = sdpName;
    }

    String sdpName() {
        return sdpName;
    }

    boolean sends() {
        return this == SENDRECV || this == SENDONLY;
    }

    boolean receives() {
        return this == SENDRECV || this == RECVONLY;
    }

    /** RFC 8866 §6.7: the session's direction is the default of its sections, and sendrecv that of the session. */
    static Direction of(SessionDescription description, MediaDescription section) {
        return of(section.lines()).or(() -> of(description.lines())).orElse(SENDRECV);
    }

    static Optional<Direction> ofName(String name) {
        for (Direction direction : values()) {
            if (direction.sdpName.equals(name)) {
                return Optional.of(direction);
            }
        }
        return Optional.empty();
    }

    private static Optional<Direction> of(Iterable<SdpLine> lines) {
        for (SdpLine line : lines) {
            if (line.type() == 'a') {
                Optional<Direction> direction = ofName(line.value());
                if (direction.isPresent()) {
                    return direction;
                }
            }
        }
        return Optional.empty();
    }
}
