/** libwebrtc: connections, and media in and out of them. Nothing else knows its Java binding. */
@NullMarked
package dev.noir.bot.rtc;

import org.jspecify.annotations.NullMarked;
