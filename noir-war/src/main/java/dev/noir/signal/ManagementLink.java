package dev.noir.signal;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** One administrator's socket, of texts. Thread: as {@link ManagedSession}. */
final class ManagementLink extends ManagedSession implements SocketReader {
    // Given.
    private final Management.Talk talk;

    // Owned by the reading thread.
    private TextAssembler assembler = new TextAssembler();

    ManagementLink(ManagementSockets sockets, Outbox outbox, Management.Talk talk) {
        super(sockets, outbox);
        this.talk = talk;
    }

    @Override
    void start() {
        super.start();
        talk.begin(new Ear());
        belongsTo(talk.visitor());
    }

    private final class Ear implements Management.Ear {
        @Override
        public void hear(String text) {
            send(text);
        }

        @Override
        public int waiting() {
            return waitingToBeSent();
        }
    }

    @Override
    public void received(String part, boolean last) {
        if (!takesPart()) {
            return;
        }
        Optional<String> message = assembler.add(part, last, talk.maxChars());
        if (assembler.overflowed()) {
            if (last) {
                assembler = new TextAssembler();
                send(talk.tooLarge());
            }
            return;
        }
        message.ifPresent(this::handle);
    }

    private void handle(String message) {
        if (!mayAsk()) {
            return;
        }
        CompletionStage<?> unused = talk.answer(message).whenComplete((answer, failure) -> {
            answered();
            if (failure == null) {
                answer.ifPresent(this::send);
            }
        });
    }

    @Override
    public void receivedBinary(byte[] part, boolean last) {
        endNow(ClientLink.UNSUPPORTED_DATA, "text frames only");
    }

    @Override
    protected void gone() {
        talk.end();
    }
}
