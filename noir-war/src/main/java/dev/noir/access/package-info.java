/** Who somebody is and what he may: callers, grants and what they are decided from. Knows only {@code java.*}. */
@NullMarked
package dev.noir.access;

import org.jspecify.annotations.NullMarked;
