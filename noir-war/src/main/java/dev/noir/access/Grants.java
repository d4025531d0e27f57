package dev.noir.access;

import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What a peer may do in one room. Immutable.
 *
 * @param all in the order of {@link Grant}
 */
public record Grants(Set<Grant> all) {
    /** As in the lobby. */
    public static final Grants NONE = new Grants(Set.of());

    /** What everybody has where nothing is restricted. */
    public static final Grants MEMBER = new Grants(EnumSet.complementOf(EnumSet.of(Grant.MODERATE, Grant.ADMINISTER)));

    /** All kinds of sending. */
    public static final Set<Grant> PUBLISHING =
            Set.of(Grant.PUBLISH_AUDIO, Grant.PUBLISH_VIDEO, Grant.PUBLISH_SCREEN, Grant.PUBLISH_DATA);

    public Grants {
        EnumSet<Grant> sorted = EnumSet.noneOf(Grant.class);
        sorted.addAll(all);
        all = Set.copyOf(sorted);
    }

    public static Grants of(Collection<Grant> grants) {
        return new Grants(Set.copyOf(grants));
    }

    public boolean has(Grant grant) {
        return all.contains(grant);
    }

    public Grants with(Grant grant) {
        EnumSet<Grant> more = EnumSet.of(grant);
        more.addAll(all);
        return new Grants(more);
    }

    public Grants without(Grant grant) {
        EnumSet<Grant> fewer = EnumSet.noneOf(Grant.class);
        fewer.addAll(all);
        fewer.remove(grant);
        return new Grants(fewer);
    }

    /** The names that clients see, always in the same order. */
    public List<String> wire() {
        return List.of(Grant.values()).stream()
                .filter(this::has)
                .map(Grant::wire)
                .toList();
    }
}
