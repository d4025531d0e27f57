/** ion's JSON-RPC, from a client's side. */
@NullMarked
package dev.noir.bot.signal;

import org.jspecify.annotations.NullMarked;
