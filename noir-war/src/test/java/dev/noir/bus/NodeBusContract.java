package dev.noir.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every bus must hold to. */
public abstract class NodeBusContract {
    /** A live node of that name with a bus; all of one test see each other. */
    protected abstract NodeBus node(String name);

    @Test
    void anEnvelopeArrivesAsItWasSent() {
        NodeBus a = node("a");
        List<Envelope> received = listen(node("b"));
        Envelope envelope = new Envelope(
                "a",
                "b",
                Envelope.Kind.OFFER,
                "a room / with {braces}",
                "link 1",
                Long.MAX_VALUE,
                7,
                "v=0\r\ns=\u00e4\n");

        assertTrue(a.send(envelope));
        Await.until("it arrives", () -> received.equals(List.of(envelope)));
    }

    @Test
    void envelopesArriveInOrderAndOnce() {
        NodeBus a = node("a");
        List<Envelope> received = listen(node("b"));
        List<Envelope> sent =
                IntStream.range(0, 1000).mapToObj(i -> ping("a", "b", i)).toList();

        sent.forEach(envelope -> assertTrue(a.send(envelope)));
        Await.until("all arrive", () -> received.size() >= sent.size());
        assertEquals(sent, received);
    }

    @Test
    void eachNodeGetsItsOwn() {
        NodeBus a = node("a");
        NodeBus b = node("b");
        NodeBus c = node("c");
        List<Envelope> toA = listen(a);
        List<Envelope> toB = listen(b);
        List<Envelope> toC = listen(c);
        a.send(ping("a", "b", 1));
        a.send(ping("a", "c", 2));
        b.send(ping("b", "a", 3));
        c.send(ping("c", "a", 4));

        Await.until("all arrive", () -> toA.size() == 2 && toB.size() == 1 && toC.size() == 1);
        assertEquals(List.of(ping("a", "b", 1)), toB);
        assertEquals(List.of(ping("a", "c", 2)), toC);
    }

    @Test
    void aNodeCanSendToItself() {
        NodeBus a = node("a");
        List<Envelope> received = listen(a);

        assertTrue(a.send(ping("a", "a", 1)));
        Await.until("it arrives", () -> received.size() == 1);
    }

    @Test
    void aReceiverThatThrowsGetsTheNextAllTheSame() {
        NodeBus a = node("a");
        List<Envelope> received = new CopyOnWriteArrayList<>();
        node("b").listen(envelope -> {
            received.add(envelope);
            throw new IllegalStateException("thrown by the test");
        });
        a.send(ping("a", "b", 1));
        a.send(ping("a", "b", 2));

        Await.until("both arrive", () -> received.size() == 2);
    }

    @Test
    void nothingIsTakenForANodeThatIsNotThere() {
        NodeBus a = node("a");
        listen(a);

        assertFalse(a.send(ping("a", "nobody", 1)));
    }

    @Test
    void nothingIsTakenWhenClosed() {
        NodeBus a = node("a");
        listen(a);
        listen(node("b"));
        a.close();

        assertFalse(a.send(ping("a", "b", 1)));
    }

    @Test
    void nobodySendsInTheNameOfAnother() {
        NodeBus a = node("a");
        listen(a);

        assertThrows(IllegalArgumentException.class, () -> a.send(ping("b", "a", 1)));
    }

    /** Collects what arrives. */
    public static List<Envelope> listen(NodeBus bus) {
        List<Envelope> received = new CopyOnWriteArrayList<>();
        bus.listen(received::add);
        return received;
    }

    public static Envelope ping(String from, String to, long request) {
        return new Envelope(from, to, Envelope.Kind.PING, "", "", 0, request, "");
    }
}
