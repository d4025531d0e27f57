package dev.noir.whip;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/** Answers a request when there is an answer, and once. Thread: any. */
final class LateAnswer implements AsyncListener {
    private static final Logger LOG = System.getLogger(LateAnswer.class.getName());

    private final AsyncContext context;
    private final AtomicBoolean given = new AtomicBoolean();

    LateAnswer(AsyncContext context) {
        this.context = context;
        context.addListener(this);
    }

    void await(CompletionStage<Answer> answer) {
        CompletionStage<?> unused = answer.whenComplete((known, failure) -> {
            if (failure != null) {
                LOG.log(Level.ERROR, "a request failed", failure);
            }
            give(failure == null ? known : Answer.problem(Answer.INTERNAL_ERROR, "internal error"));
        });
    }

    private void give(Answer answer) {
        if (!given.compareAndSet(false, true)) {
            return;
        }
        try {
            WhipServlet.write((HttpServletResponse) context.getResponse(), answer);
        } catch (IOException | RuntimeException e) { // The client has gone; servers differ in how they say so.
            LOG.log(Level.DEBUG, "nobody is there to be answered", e);
        }
        try {
            context.complete();
        } catch (IllegalStateException e) {
            LOG.log(Level.DEBUG, "the server has completed the request itself", e);
        }
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        give(Refusals.unavailable("nobody has answered in time"));
    }

    @Override
    public void onError(AsyncEvent event) {
        given.set(true);
    }

    @Override
    public void onComplete(AsyncEvent event) {
        given.set(true);
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // Once is enough.
    }
}
