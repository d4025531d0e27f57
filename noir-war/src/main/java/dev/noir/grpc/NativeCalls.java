package dev.noir.grpc;

import dev.noir.access.Caller;
import dev.noir.access.LateProof;
import dev.noir.access.Password;
import dev.noir.access.Standing;
import dev.noir.access.TraceParent;
import dev.noir.access.Visitor;
import dev.noir.signal.SignalServer;
import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import java.net.InetSocketAddress;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes sessions of streams of native gRPC. Thread: the library's, one at a time per stream. */
final class NativeCalls {
    private static final Metadata.Key<String> TRACE = Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    /** Nothing that comes is looked at. */
    private static final class Deaf extends ServerCall.Listener<byte[]> {}

    // Given.
    private final SignalServer server;
    private final NoirAdmin admin;
    private final Function<Visitor, LateProof> proofs;

    /** @param proofs how somebody shows who he is of whom only the address is known */
    NativeCalls(SignalServer server, NoirAdmin admin, Function<Visitor, LateProof> proofs) {
        this.server = server;
        this.admin = admin;
        this.proofs = proofs;
    }

    ServerCallHandler<byte[], byte[]> signal(SignalService service) {
        return (call, headers) -> start(service, call, headers);
    }

    private ServerCall.Listener<byte[]> start(
            SignalService service, ServerCall<byte[], byte[]> call, Metadata headers) {
        CallPort port = new CallPort(call);
        Visitor stranger = stranger(call);
        LateProof.Outcome who = proofs.apply(stranger).prove(authorization(headers));
        if (!who.refusal().isEmpty()) {
            port.end(GrpcCode.UNAUTHENTICATED, who.refusal());
            return new Deaf();
        }
        SignalServer.Maker<GrpcSession> maker =
                (at, outbox, visitor) -> service.session(at, outbox, visitor, message -> message);
        GrpcSession session = server.open(port, who.visitor().at(TraceParent.of(headers.get(TRACE))), maker)
                .orElse(null);
        if (session == null) {
            return new Deaf();
        }
        port.begin(session::heard);
        return new Stream(port, session);
    }

    ServerCallHandler<byte[], byte[]> admin(AdminMethod method) {
        return (call, headers) -> start(method, call, headers);
    }

    private ServerCall.Listener<byte[]> start(AdminMethod method, ServerCall<byte[], byte[]> call, Metadata headers) {
        CallPort port = new CallPort(call);
        Visitor stranger = stranger(call);
        AdminStream stream =
                admin.open(port, method, "grpc", message -> message).orElse(null);
        if (stream == null || !stream.enter(stranger, proofs.apply(stranger), authorization(headers))) {
            return new Deaf();
        }
        port.begin(stream::heard);
        return new Stream(port, stream);
    }

    private static String authorization(Metadata headers) {
        String authorization = headers.get(AUTHORIZATION);
        return authorization == null ? "" : authorization;
    }

    private static Visitor stranger(ServerCall<byte[], byte[]> call) {
        Caller nobody = Caller.ANONYMOUS.at(address(call.getAttributes()));
        return new Visitor(nobody, Password.NONE, Standing.LASTING);
    }

    /** Of the other end of the connection; empty: not known. */
    private static String address(Attributes attributes) {
        @Nullable Object remote = attributes.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
        return remote instanceof InetSocketAddress inet && inet.getAddress() != null
                ? inet.getAddress().getHostAddress()
                : "";
    }

    private static final class Stream extends ServerCall.Listener<byte[]> {
        private final CallPort port;
        private final StreamSession session;

        Stream(CallPort port, StreamSession session) {
            this.port = port;
            this.session = session;
        }

        @Override
        public void onMessage(byte[] message) {
            if (!session.ended()) {
                session.received(message);
                port.next();
            }
        }

        @Override
        public void onHalfClose() {
            session.finished();
        }

        @Override
        public void onReady() {
            port.ready();
        }

        @Override
        public void onCancel() {
            session.closed();
        }

        @Override
        public void onComplete() {
            session.closed();
        }
    }
}
