package dev.noir.sdp;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * What we offer on one subscriber transport, over its whole life: m=application with mid "0" first, then one section per
 * down track. Mids and payload types are stable; once there are many, a section whose inactivity the client has confirmed
 * takes the next track of the same kind, so that offers do not grow with every leaver.
 *
 * <p>Thread: rooms (not synchronised).
 */
public final class SubscriberSession {
    /** Less the one of the data channels. */
    static final int MAX_SECTIONS = 255;

    /** Up to here each track gets a new one: not every client can take another track where one has ended. */
    static final int MAX_FRESH_SECTIONS = 64;

    // Given.
    private final RandomGenerator random;
    private final int maxFreshSections;

    // State.
    private final PayloadTypes payloadTypes = new PayloadTypes();
    private final List<SubscriberSection> sections = new ArrayList<>();
    private final Set<Long> ssrcs = new HashSet<>();

    // Mids of sections that a resumed client still shows, though their tracks have not come back yet.
    private final Set<String> held = new HashSet<>();
    private int offeredSections;
    private int nextMid = 1;
    private long version;
    private boolean changed = true;

    /** @param random draws SSRCs */
    public SubscriberSession(RandomGenerator random) {
        this(random, MAX_FRESH_SECTIONS);
    }

    SubscriberSession(RandomGenerator random, int maxFreshSections) {
        this.random = random;
        this.maxFreshSections = maxFreshSections;
    }

    /**
     * Goes on where another node's session has ended. What was active stays so, and waits for the same track to come back,
     * until {@link #releaseHeld}: a page whose track ends drops the picture.
     */
    public static SubscriberSession resumed(RandomGenerator random, SubscriberLayout layout) {
        return resumed(random, MAX_FRESH_SECTIONS, layout);
    }

    static SubscriberSession resumed(RandomGenerator random, int maxFreshSections, SubscriberLayout layout) {
        SubscriberSession session = new SubscriberSession(random, maxFreshSections);
        session.version = layout.version();
        for (SubscriberSection section : layout.sections()) {
            session.sections.add(section);
            session.ssrcs.add(section.ssrc());
            session.ssrcs.add(section.rtxSsrc());
            session.payloadTypes.restore(section);
            if (section.isActive()) {
                session.held.add(section.mid());
            }
            session.nextMid =
                    Math.max(session.nextMid, (int) Tokens.numberOrNegative(section.mid(), Integer.MAX_VALUE - 1) + 1);
        }
        session.offeredSections = session.sections.size();
        return session;
    }

    /** Makes the sections inactive whose tracks have not come back. */
    public void releaseHeld() {
        Set<String> gone = Set.copyOf(held);
        held.clear();
        gone.forEach(this::removeTrack);
    }

    /**
     * Gives the track a section and returns its mid.
     *
     * @throws SdpException when there is no room for another section, or the track has no codec we forward
     */
    public String addTrack(PublishedTrack track) {
        List<PayloadMapping> payloads = payloadTypes.map(track.codecs());
        if (payloads.isEmpty()) {
            throw new SdpException("the track has no codec that we forward");
        }
        int place = heldPlace(track);
        if (place < 0) {
            place = place(track.kind());
        }
        boolean refused = place < sections.size() && sections.get(place).state() == SubscriberSection.State.REFUSED;
        // RFC 8829 §5.2.2: what was refused comes back under a new mid only; what was accepted keeps its own.
        boolean keepsMid = place < sections.size() && !refused;
        String mid = keepsMid ? sections.get(place).mid() : Integer.toString(nextMid++);
        SubscriberSection section = new SubscriberSection(
                mid,
                track.kind(),
                SubscriberSection.State.ACTIVE,
                track.streamId(),
                uniqueTrackId(track, mid),
                codecs(payloads),
                payloads,
                newSsrc(),
                track.kind() == MediaKind.VIDEO ? newSsrc() : 0);
        if (place < sections.size()) {
            forgetSsrcs(sections.get(place));
            sections.set(place, section);
        } else {
            sections.add(section);
        }
        held.remove(mid);
        changed = true;
        return mid;
    }

    /** The section that was this track's before the room moved here; -1 when there is none. */
    private int heldPlace(PublishedTrack track) {
        for (int i = 0; i < sections.size(); i++) {
            SubscriberSection section = sections.get(i);
            // Its id may have got a suffix, see uniqueTrackId.
            boolean sameTrack = section.trackId().equals(track.trackId())
                    || section.trackId().equals(track.trackId() + "-" + section.mid());
            if (held.contains(section.mid())
                    && section.kind() == track.kind()
                    && section.streamId().equals(track.streamId())
                    && sameTrack) {
                return i;
            }
        }
        return -1;
    }

    /** Makes the section inactive; unknown mids are ignored. */
    public void removeTrack(String mid) {
        int place = indexOf(mid);
        if (place < 0) {
            return;
        }
        SubscriberSection section = sections.get(place);
        if (place >= offeredSections && place == sections.size() - 1) {
            // The client has never heard of it.
            forgetSsrcs(sections.remove(place));
        } else if (section.isActive()) {
            sections.set(place, section.with(SubscriberSection.State.INACTIVE));
            changed = true;
        }
    }

    /** True when something changed since the last offer, so that a new one is due. */
    public boolean needsOffer() {
        return changed;
    }

    /** The section of a down track, as the next offer will describe it. */
    public Optional<SubscriberSection> section(String mid) {
        int place = indexOf(mid);
        return place < 0 ? Optional.empty() : Optional.of(sections.get(place));
    }

    /** Prints the next offer, with the credentials of {@code local}: new ones restart ICE. */
    public SubscriberOffer offer(LocalParameters local) {
        version++;
        changed = false;
        offeredSections = sections.size();
        String text = new SubscriberOfferWriter(local).print(version, sections);
        return new SubscriberOffer(text, local.sessionId(), version, sections);
    }

    /** Takes note of an answer: sections it confirms as inactive, or refuses, can take other tracks. */
    public void apply(SubscriberOffer offer, SubscriberAnswer answer) {
        for (SubscriberSection offered : offer.sections()) {
            int place = indexOf(offered.mid());
            Optional<SubscriberAnswer.Section> answered = answer.section(offered.mid());
            if (place < 0 || answered.isEmpty()) {
                continue;
            }
            SubscriberSection current = sections.get(place);
            boolean knownInactive = !offered.isActive() && current.state() == SubscriberSection.State.INACTIVE;
            switch (answered.get().state()) {
                case REJECTED -> sections.set(place, current.with(SubscriberSection.State.REFUSED));
                case INACTIVE -> {
                    if (knownInactive) {
                        sections.set(place, current.with(SubscriberSection.State.FREE));
                    }
                }
                case ACCEPTED -> {}
            }
        }
    }

    /**
     * Chromium refuses an offer with two equal a=msid lines. Track ids carry no meaning at the receiver (Firefox makes up its
     * own).
     */
    private String uniqueTrackId(PublishedTrack track, String mid) {
        String id = track.trackId();
        while (isTaken(track.streamId(), id, mid)) {
            id = id + "-" + mid;
        }
        return id;
    }

    private boolean isTaken(String streamId, String trackId, String mid) {
        return sections.stream()
                .anyMatch(section -> section.isActive()
                        && !section.mid().equals(mid)
                        && section.streamId().equals(streamId)
                        && section.trackId().equals(trackId));
    }

    private List<CodecParameters> codecs(List<PayloadMapping> payloads) {
        List<CodecParameters> codecs = new ArrayList<>();
        Set<Integer> seen = new HashSet<>();
        for (PayloadMapping mapping : payloads) {
            // Two of the publisher's payload types may be one of ours, e.g. H264 that differs in level.
            if (seen.add(mapping.payloadType())) {
                CodecProfile profile = payloadTypes.profile(mapping.payloadType());
                codecs.add(new CodecParameters(mapping.payloadType(), profile.codec(), profile.fmtp()));
            }
        }
        return codecs;
    }

    /** Index of a section that can take a track of this kind; one past the end for a new one. */
    private int place(MediaKind kind) {
        if (sections.size() < maxFreshSections) {
            return sections.size();
        }
        for (int i = 0; i < sections.size(); i++) {
            SubscriberSection section = sections.get(i);
            boolean reusable = section.state() == SubscriberSection.State.FREE
                    || section.state() == SubscriberSection.State.REFUSED;
            if (section.kind() == kind && reusable) {
                return i;
            }
        }
        if (sections.size() == MAX_SECTIONS) {
            throw new SdpException("the subscriber has " + MAX_SECTIONS + " tracks already");
        }
        return sections.size();
    }

    private int indexOf(String mid) {
        for (int i = 0; i < sections.size(); i++) {
            if (sections.get(i).mid().equals(mid)) {
                return i;
            }
        }
        return -1;
    }

    private long newSsrc() {
        long ssrc;
        do {
            ssrc = Integer.toUnsignedLong(random.nextInt());
        } while (ssrc == 0 || !ssrcs.add(ssrc));
        return ssrc;
    }

    private void forgetSsrcs(SubscriberSection section) {
        ssrcs.remove(section.ssrc());
        ssrcs.remove(section.rtxSsrc());
    }
}
