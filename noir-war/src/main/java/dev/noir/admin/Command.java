package dev.noir.admin;

import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;

/**
 * One command: a record in, a record out.
 *
 * @param name as all doors call it
 * @param about for people
 * @param changes it does something that others can notice: it is audited
 * @param action must not block
 */
public record Command<I extends Record, O extends Record>(
        String name,
        String about,
        boolean changes,
        Class<I> input,
        Class<O> output,
        BiFunction<Actor, I, CompletionStage<O>> action) {}
