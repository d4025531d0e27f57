package dev.noir.event;

/**
 * In the event log alone: so many events were not written, because they came faster than they could be, or the store was away for
 * long. Who has come and gone meanwhile as far as it is still so follows.
 */
public record EventsLost(String room, long sequence, long count) implements RoomEvent {}
