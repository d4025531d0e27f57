package dev.noir.room;

/** Which connections a client has with the room, and who offers them. */
public enum Connections {
    /** As ion's clients: one to send on, which the client offers, and one to receive on, which we offer. */
    TWO,
    /** One to send on, which the client offers: WHIP. */
    INGRESS,
    /** One to receive on, which the client offers: WHEP. */
    EGRESS,
    /** None: what it sends is played by this server, and its offers are {@link Playing}s. Only administrators join so. */
    INJECTED
}
