package dev.noir.redis;

import dev.noir.bus.Await;
import dev.noir.room.RoomException;
import dev.noir.room.RoomId;
import dev.noir.room.RoomLease;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A node of a cluster, and nothing else, as a process that can be killed. Claims a room for each line it reads, and prints what
 * happens; ends with its standard input.
 */
final class NodeMain {
    private NodeMain() {}

    public static void main(String[] args) throws IOException {
        RedisNodes nodes = new RedisNodes(args[0]);
        Cluster node = nodes.start(args[1]);
        node.rooms().onLost(lease -> print("lost", lease));
        Await.until("it is ready", node::isReady);
        System.out.println("ready");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String room = in.readLine(); room != null; room = in.readLine()) {
            print("claimed", claim(node, new RoomId(room)));
        }
        nodes.close();
    }

    /** As often as it takes: not just after the process was stopped, nor before its next heartbeat. */
    private static RoomLease claim(Cluster node, RoomId room) {
        AtomicReference<RoomLease> claimed = new AtomicReference<>();
        Await.until("it is claimed", () -> {
            try {
                claimed.set(node.rooms().claim(room));
                return true;
            } catch (RoomException e) {
                return false;
            }
        });
        return claimed.get();
    }

    private static void print(String word, RoomLease lease) {
        System.out.println(word + " " + lease.room() + " " + lease.node() + " " + lease.epoch());
    }
}
