package dev.noir.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What every registry must hold to. */
public abstract class NodeRegistryContract {
    /** Such a node, alive; all of one test see each other, if not at once. */
    protected abstract NodeRegistry node(NodeInfo described, Supplier<NodeLoad> load);

    private NodeRegistry node(String name) {
        return node(info(name), () -> NodeLoad.NONE);
    }

    @Test
    void aNodeAloneSeesItself() {
        NodeRegistry a = node("a");

        Await.until("it sees itself", () -> ids(a).equals(Set.of("a")));
        assertEquals("a", a.self().id());
        assertTrue(a.isConnected());
    }

    @Test
    void nodesSeeEachOtherWithAllTheySay() {
        NodeLoad load = new NodeLoad(0.25, 1234.5, 6, 2);
        NodeInfo said = new NodeInfo(
                "a",
                Set.of(NodeInfo.SFU, NodeInfo.SIGNAL),
                NodeState.UP,
                load,
                List.of("192.0.2.1", "2001:db8::1"),
                "1.2.3",
                1_700_000_000_123L);
        NodeRegistry a = node(said, () -> load);
        NodeRegistry b = node("b");

        Await.until("b sees a", () -> b.find("a").equals(Optional.of(said)));
        Await.until("a sees b", () -> ids(a).equals(Set.of("a", "b")));
        assertEquals(said, a.self());
    }

    @Test
    void aNewStateIsTold() {
        NodeRegistry a = node("a");
        NodeRegistry b = node("b");
        a.setState(NodeState.DRAINING);

        Await.until("b knows", () -> b.find("a").map(NodeInfo::state).equals(Optional.of(NodeState.DRAINING)));
        assertEquals(NodeState.DRAINING, a.self().state());
    }

    @Test
    void aNodeThatLeavesIsGoneOnce() {
        NodeRegistry a = node("a");
        NodeRegistry b = node("b");
        List<String> gone = listen(b);
        Await.until("b sees a", () -> b.find("a").isPresent());
        a.close();

        Await.until("b is told", () -> gone.equals(List.of("a")));
        assertEquals(Set.of("b"), ids(b));
    }

    @Test
    void aNodeStartedAnewUnderItsIdWasGone() {
        node("a");
        NodeRegistry b = node("b");
        List<String> gone = listen(b);
        Await.until("b sees a", () -> b.find("a").isPresent());
        node(new NodeInfo("a", Set.of(), NodeState.UP, NodeLoad.NONE, List.of(), "2", 2), () -> NodeLoad.NONE);

        Await.until("b is told", () -> gone.equals(List.of("a")));
        Await.until(
                "b sees the new one", () -> b.find("a").map(NodeInfo::version).equals(Optional.of("2")));
    }

    @Test
    void nobodyIsToldOfItself() {
        NodeRegistry a = node("a");
        List<String> gone = listen(a);
        a.close();

        assertEquals(List.of(), gone);
    }

    static List<String> listen(NodeRegistry registry) {
        List<String> gone = new CopyOnWriteArrayList<>();
        registry.addListener(new NodeRegistry.Listener() {
            @Override
            public void nodeGone(String id) {
                gone.add(id);
            }
        });
        return gone;
    }

    static Set<String> ids(NodeRegistry registry) {
        return registry.live().stream().map(NodeInfo::id).collect(Collectors.toSet());
    }

    public static NodeInfo info(String id) {
        return new NodeInfo(id, Set.of(NodeInfo.SFU), NodeState.UP, NodeLoad.NONE, List.of("192.0.2.1"), "1", 1);
    }
}
