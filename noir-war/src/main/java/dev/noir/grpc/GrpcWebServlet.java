package dev.noir.grpc;

import dev.noir.access.LateProof;
import dev.noir.access.Visitor;
import dev.noir.signal.Arrival;
import dev.noir.signal.SignalServer;
import dev.noir.signal.SocketPort;
import dev.noir.signal.SocketServlet;
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

    private static Optional<SignalService> service(HttpServletRequest request) {
        String beyond = request.getPathInfo() == null ? "" : request.getPathInfo();
        return SignalService.ofPath(request.getServletPath() + beyond);
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        SignalService service = service(request).orElse(null);
        if (service == null) {
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
        Visitor visitor = Visitor.of(request.getAttribute(Visitor.ATTRIBUTE));
        LateProof proof = request.getAttribute(LateProof.ATTRIBUTE) instanceof LateProof late ? late : null;
        SignalServer server = parts().server();
        Arrival arrival = new Arrival(
                socket -> open(server, service, socket, visitor, proof),
                WebStream.SUBPROTOCOL,
                server.limits().compression());
        parts().door().upgrade(request, response, arrival);
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
        return server.open(new WebPort(socket), visitor, maker).map(session -> new WebStream(session, proof));
    }

    /** As gRPC-web answers: with a status of its own, in headers since nothing else follows. */
    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) {
        boolean known = service(request).isPresent();
        response.setStatus(HttpServletResponse.SC_OK);
        response.setContentType("application/grpc-web+proto");
        response.setHeader("grpc-status", String.valueOf(GrpcCode.UNIMPLEMENTED.number()));
        response.setHeader(
                "grpc-message",
                WebPort.encoded(
                        known ? "streams need the WebSocket transport of gRPC-web" : "there is no such method here"));
    }
}
