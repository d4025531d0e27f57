package dev.noir.room;

import dev.noir.access.Grant;
import dev.noir.access.Grants;
import java.util.Set;

/**
 * What a peer may do at a moment, and what of its media is forwarded.
 *
 * @param grants what it may, or could once it has been admitted
 * @param waiting it is in the lobby
 * @param squelched kinds of its media that reach nobody
 * @param squelchedStreams its streams that reach nobody
 */
record Rights(Grants grants, boolean waiting, Set<Medium> squelched, Set<String> squelchedStreams) {
    Rights {
        boolean spared = grants.has(Grant.ADMINISTER); // A moderator cannot silence it.
        squelched = spared ? Set.of() : Set.copyOf(squelched);
        squelchedStreams = spared ? Set.of() : Set.copyOf(squelchedStreams);
    }

    /** Now. */
    boolean may(Grant grant) {
        return !waiting && mayOnceAdmitted(grant);
    }

    boolean mayOnceAdmitted(Grant grant) {
        return grants.has(grant) || grants.has(Grant.ADMINISTER);
    }

    /** Whether nothing of such a track is forwarded, though it may be there. */
    boolean squelches(Medium medium, String streamId) {
        return squelched.contains(medium) || squelchedStreams.contains(streamId);
    }

    /** What everybody has where nothing is restricted: nothing needs to be said about it. */
    boolean isOrdinary() {
        return !waiting && grants.equals(Grants.MEMBER);
    }
}
