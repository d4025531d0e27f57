package dev.noir.admin;

/** Port: taking this node out of service. Thread: any. */
public interface DrainControl {
    /** How far it is. */
    enum State {
        /** Not asked to. */
        UP,
        /** No new rooms; those that are here may go on for a while. */
        DRAINING,
        /** Its rooms have been given away and its clients sent away: it can be stopped. */
        DRAINED
    }

    /** Begins, if it has not begun; returns at once. There is no way back but a restart. */
    void drain();

    State state();
}
