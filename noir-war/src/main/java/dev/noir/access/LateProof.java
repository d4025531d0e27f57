package dev.noir.access;

/**
 * Finds out who somebody is who has been let in as nobody, by credentials that could not come with his request: browsers let pages set no
 * headers of a WebSocket. Request attribute {@link #ATTRIBUTE}. Thread: any.
 */
public interface LateProof {
    String ATTRIBUTE = "dev.noir.late-proof";

    /** @param authorization as in the header of that name, or a bare token; empty: he says nothing more */
    Outcome prove(String authorization);

    /**
     * Whether he may stay.
     *
     * @param visitor who he is
     * @param refusal why not, for himself; empty: he may
     */
    record Outcome(Visitor visitor, String refusal) {}
}
