package dev.noir.signal;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.util.Optional;

/** {@code /admin/ws}: looks who comes with the handshake of an administrator's socket. Thread: the container's. */
@WebServlet(name = "management", urlPatterns = "/admin/ws")
public class ManagementServlet extends HttpServlet {
    @Serial
    private static final long serialVersionUID = 1L;

    @Inject
    private transient Management management;

    @Inject
    private transient ManagementSockets sockets;

    @Inject
    private transient SocketDoor door;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Optional<Management.Talk> talk = management.enter(request, response);
        if (talk.isPresent() && SocketDoor.isHandshake(request, response)) {
            door.upgrade(request, response, new Arrival(socket -> sockets.open(socket, talk.get()), "", false));
        }
    }
}
