package dev.noir.access;

/** What becomes of somebody who joins anonymously under the name of an anonymous peer that is in the room. */
public enum TakenName {
    /** He takes its place: the same client, it is believed, come back. As ion-sfu does, and no protection at all. */
    REPLACE,
    /** He takes its place if he shows the secret that it was given. */
    SECRET,
    /** He is refused for as long as it is there. */
    REFUSE
}
