/** Signalling in protobuf: what is said in it, and the doors that take it. */
@NullMarked
package dev.noir.grpc;

import org.jspecify.annotations.NullMarked;
