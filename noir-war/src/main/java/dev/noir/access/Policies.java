package dev.noir.access;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What is laid down for every room there may be: rules of which the first that matches counts, or else the settings. Immutable. */
public final class Policies {
    private final List<PolicyRule> rules;
    private final RoomPolicy otherwise;
    private final Set<String> roleNames;

    Policies(List<PolicyRule> rules, RoomPolicy otherwise) {
        this.rules = List.copyOf(rules);
        this.otherwise = otherwise;
        Set<String> names = new HashSet<>();
        collectRoles(otherwise, names);
        rules.forEach(rule -> collectRoles(rule.policy(), names));
        this.roleNames = Set.copyOf(names);
    }

    /** The same for all rooms. */
    public static Policies of(RoomPolicy policy) {
        return new Policies(List.of(), policy);
    }

    public RoomPolicy of(String room) {
        for (PolicyRule rule : rules) {
            if (rule.rooms().matches(room)) {
                return rule.policy();
            }
        }
        return otherwise;
    }

    /** Every role that is asked about: servers can say whether somebody is in a role, not which roles there are. */
    public Set<String> roleNames() {
        return roleNames;
    }

    /** Who may do everything in every room, and see to the node: no rule changes that. */
    public boolean administers(Caller caller) {
        return otherwise.to(Grant.ADMINISTER).includes(caller);
    }

    int size() {
        return rules.size();
    }

    private static void collectRoles(RoomPolicy policy, Set<String> names) {
        policy.roles().values().forEach(set -> names.addAll(set.roles()));
        names.addAll(policy.creators().roles());
    }
}
