package dev.noir.event;

/**
 * A job that a node did in the room is over, and has not done what it was to do. What the room was like then does not matter: if
 * nobody was in it, it opens for this event, and closes.
 *
 * @param job node and number, as in {@code jobs.list}
 * @param kind what it was to do
 * @param failure why it has failed, in words
 */
public record JobFailed(String room, long sequence, String job, String kind, String failure) implements RoomEvent {}
