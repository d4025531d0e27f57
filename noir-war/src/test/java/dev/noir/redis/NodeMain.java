package dev.noir.redis;

import dev.noir.bus.Await;
import dev.noir.room.RoomId;
import dev.noir.room.RoomLease;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

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
            print("claimed", node.rooms().claim(new RoomId(room)));
        }
        nodes.close();
    }

    private static void print(String word, RoomLease lease) {
        System.out.println(word + " " + lease.room() + " " + lease.node() + " " + lease.epoch());
    }
}
