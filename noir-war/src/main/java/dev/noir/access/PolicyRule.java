package dev.noir.access;

/**
 * A section of the policy file.
 *
 * @param rooms whose names match
 * @param policy of those rooms, with what the settings say where the section says nothing
 */
record PolicyRule(Glob rooms, RoomPolicy policy) {}
