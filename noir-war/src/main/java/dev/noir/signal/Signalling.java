package dev.noir.signal;

/** @param offered whether this node takes clients at all, by {@code noir.cluster.services} */
public record Signalling(boolean offered) {}
