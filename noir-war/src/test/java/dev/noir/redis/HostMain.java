package dev.noir.redis;

import dev.noir.bus.Await;
import dev.noir.room.RoomId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** A whole node as a process that can be killed. It hosts the room that it is told by a line, and ends with its standard input. */
final class HostMain {
    private HostMain() {}

    public static void main(String[] args) throws IOException {
        RedisNodes nodes = new RedisNodes(args[0]);
        WholeNode node = new WholeNode(nodes, args[1]);
        Await.until("it is ready", node.cluster::isReady);
        System.out.println("ready");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String room = in.readLine(); room != null; room = in.readLine()) {
            System.out.println(
                    "hosts " + node.cluster.rooms().claim(new RoomId(room)).room());
        }
        node.close();
        nodes.close();
    }
}
