package dev.noir.grpc;

import dev.noir.access.LateProof;
import dev.noir.access.Visitor;
import dev.noir.signal.Arrival;
import dev.noir.signal.SignalServer;
import dev.noir.signal.SocketPort;
import dev.noir.signal.SocketServlet;
import jakarta.enterprise.inject.spi.CDI;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * gRPC-web, at the services' own paths: streams as WebSockets of the subprotocol {@code grpc-websockets}. Thread: the container's.
 */
@WebServlet(
        name = "grpc-web",
        urlPatterns = {"/rtc.RTC/*", "/sfu.SFU/*", "/noir.SFU/*", "/noir.Noir/*"})
public class GrpcWebServlet extends SocketServlet {
    @Serial
    private static final long serialVersionUID = 1L;

    private static String path(HttpServletRequest request) {
        String beyond = request.getPathInfo() == null ? "" : request.getPathInfo();
        return request.getServletPath() + beyond;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Arrival.Opener opening = opening(request);
        if (opening == null) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        if (!parts().door().lets(request, response)) {
            return;
        }
        if (!asksFor(request.getHeader("Sec-WebSocket-Protocol"))) {
            response.sendError(HttpServletResponse.SC_BAD_REQUEST);
            return;
        }
        Arrival arrival = new Arrival(
                opening, WebStream.SUBPROTOCOL, parts().server().limits().compression());
        parts().door().upgrade(request, response, arrival);
    }

    /** Null: there is no such method. */
    private Arrival.@Nullable Opener opening(HttpServletRequest request) {
        Visitor visitor = Visitor.of(request.getAttribute(Visitor.ATTRIBUTE));
        LateProof proof = request.getAttribute(LateProof.ATTRIBUTE) instanceof LateProof late ? late : null;
        SignalService service = SignalService.ofPath(path(request)).orElse(null);
        if (service != null) {
            return socket -> open(parts().server(), service, socket, visitor, proof);
        }
        AdminMethod method = AdminMethod.ofPath(path(request)).orElse(null);
        return method == null ? null : socket -> open(admin(), method, socket, visitor, proof);
    }

    /** Asked for seldom. */
    private static NoirAdmin admin() {
        return CDI.current().select(NoirAdmin.class).get();
    }

    private static boolean asksFor(@Nullable String protocols) {
        return protocols != null
                && Stream.of(protocols.split(",", -1))
                        .anyMatch(name -> name.strip().equals(WebStream.SUBPROTOCOL));
    }

    static Optional<WebStream> open(
            SignalServer server, SignalService service, SocketPort socket, Visitor visitor, @Nullable LateProof proof) {
        SignalServer.Maker<GrpcSession> maker =
                (at, outbox, who) -> service.session(at, outbox, who, GrpcFrames::message);
        return server.open(new WebPort(socket), visitor, maker)
                .map(session -> new WebStream(session, authorization -> lets(session, proof, authorization)));
    }

    /** @param proof null: it is known already who is there */
    private static boolean lets(GrpcSession session, @Nullable LateProof proof, String authorization) {
        if (proof == null) {
            return true;
        }
        LateProof.Outcome outcome = proof.prove(authorization);
        if (!outcome.refusal().isEmpty()) {
            session.end(GrpcCode.UNAUTHENTICATED, outcome.refusal());
            return false;
        }
        return outcome.visitor().caller().isAnonymous() || session.show(outcome.visitor());
    }

    static Optional<WebStream> open(
            NoirAdmin admin, AdminMethod method, SocketPort socket, Visitor visitor, @Nullable LateProof proof) {
        LateProof known = authorization -> new LateProof.Outcome(visitor, "");
        return admin.open(new WebPort(socket), method, "grpc-web", GrpcFrames::message)
                .map(stream -> new WebStream(
                        stream, authorization -> stream.enter(visitor, proof == null ? known : proof, authorization)));
    }

    /** As gRPC-web answers: with a status of its own, in headers since nothing else follows. */
    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) {
        boolean known = SignalService.ofPath(path(request)).isPresent()
                || AdminMethod.ofPath(path(request)).isPresent();
        response.setStatus(HttpServletResponse.SC_OK);
        response.setContentType("application/grpc-web+proto");
        response.setHeader("grpc-status", String.valueOf(GrpcCode.UNIMPLEMENTED.number()));
        response.setHeader(
                "grpc-message",
                WebPort.encoded(
                        known ? "streams need the WebSocket transport of gRPC-web" : "there is no such method here"));
    }
}
