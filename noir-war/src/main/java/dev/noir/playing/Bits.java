package dev.noir.playing;

/** Bits of bytes, the highest of each first. Behind the end there are zeros. Thread: one at a time. */
final class Bits {
    private final byte[] bytes;
    private int position;

    /** @param from the byte to begin with */
    Bits(byte[] bytes, int from) {
        this.bytes = bytes;
        this.position = Byte.SIZE * from;
    }

    int bit() {
        int octet = position / Byte.SIZE;
        int value = octet < bytes.length ? (bytes[octet] >> (Byte.SIZE - 1 - position % Byte.SIZE)) & 1 : 0;
        position++;
        return value;
    }

    boolean flag() {
        return bit() == 1;
    }

    /** @param count up to 31 */
    int number(int count) {
        int value = 0;
        for (int i = 0; i < count; i++) {
            value = (value << 1) | bit();
        }
        return value;
    }
}
