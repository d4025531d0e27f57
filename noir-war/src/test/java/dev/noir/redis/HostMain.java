package dev.noir.redis;

import dev.noir.bus.Await;
import dev.noir.room.FakeClient;
import dev.noir.room.JoinConfig;
import dev.noir.room.RoomId;
import dev.noir.room.TestSdp;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * A whole node as a process that can be killed. It hosts the room that it is told by a line, has clients of its own join it that are
 * named by lines like {@code +anna}, and ends with its standard input.
 */
final class HostMain {
    private HostMain() {}

    /** @param args of Redis the URL, the node's id, and webhooks */
    public static void main(String[] args) throws IOException {
        RedisNodes nodes = new RedisNodes(args[0]);
        List<URI> webhooks = Arrays.stream(args).skip(2).map(URI::create).toList();
        WholeNode node = new WholeNode(nodes, args[1], webhooks);
        Await.until("it is ready", node.cluster::isReady);
        System.out.println("ready");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String room = "";
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.startsWith("+")) {
                FakeClient client = node.client()
                        .join(room, line.substring(1), TestSdp.offer("abcd", line, "audio"), JoinConfig.NONE);
                Await.until("it has joined", () -> !client.answers.isEmpty());
            } else {
                room = line;
                System.out.println(
                        "hosts " + node.cluster.rooms().claim(new RoomId(room)).room());
            }
        }
        node.close();
        nodes.close();
    }
}
