package dev.noir.room;

/**
 * A candidate of the server on its way to the client.
 *
 * @param candidate the attribute's text, "candidate:…"
 * @param mid the first bundled m-line's; a wrong one makes {@code addIceCandidate} reject
 * @param index that m-line's number, from 0
 * @param ufrag of the server's description that the candidate belongs to
 */
public record LocalCandidate(String candidate, String mid, int index, String ufrag) {}
