package dev.noir.media;

/** Our half of a new transport; ufrag and pwd go into the session description as they are. */
public record TransportParams(TransportRole role, String localUfrag, String localPwd) {}
