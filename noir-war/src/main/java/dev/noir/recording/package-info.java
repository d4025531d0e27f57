/**
 * What recorded rooms leave on disk: a file for each stream of a peer, in Matroska (WebM where all its codecs are WebM's) or fragmented MP4,
 * as its publisher encoded it, with a description in JSON beside it. docs/recording.md.
 * What is sent on instead of kept is made by the same parts ({@code restreaming}). Knows {@code room} alone.
 */
@NullMarked
package dev.noir.recording;

import org.jspecify.annotations.NullMarked;
