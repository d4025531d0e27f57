package dev.noir.grpc;

import dev.noir.access.Visitor;
import dev.noir.signal.Outbox;
import dev.noir.signal.SignalServer;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Services whose method {@code Signal} is one peer's stream. */
enum SignalService {
    RTC("rtc.RTC", RtcSession::new),
    SFU("sfu.SFU", SfuSession::new),
    NOIR_SFU("noir.SFU", NoirSession::new),
    NOIR("noir.Noir", NoirSession::new);

    /** Makes the session of a stream. */
    interface Maker {
        GrpcSession make(SignalServer server, Outbox outbox, Visitor visitor, UnaryOperator<byte[]> framing);
    }

    static final String METHOD = "Signal";

    private final String fullName;

    @SuppressWarnings("ImmutableEnumChecker") // It is a constructor.
    private final Maker maker;

    SignalService(String fullName, Maker maker) {
        this.fullName = fullName;
        this.maker = maker;
    }

    String fullName() {
        return fullName;
    }

    GrpcSession session(SignalServer server, Outbox outbox, Visitor visitor, UnaryOperator<byte[]> framing) {
        return maker.make(server, outbox, visitor, framing);
    }

    /** @param path as gRPC writes it: {@code /package.Service/Method} */
    static Optional<SignalService> ofPath(String path) {
        return Stream.of(values())
                .filter(service -> path.equals("/" + service.fullName + "/" + METHOD))
                .findFirst();
    }
}
