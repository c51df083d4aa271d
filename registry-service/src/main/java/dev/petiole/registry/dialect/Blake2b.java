package dev.petiole.registry.dialect;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/// BLAKE2b without a key (RFC 7693), which the JDK lacks.
final class Blake2b {

    private static final int BLOCK_BYTES = 128;
    private static final int ROUNDS = 12;

    // RFC 7693 §2.6: the same as SHA-512's.
    private static final long[] IV = {
        0x6a09e667f3bcc908L, 0xbb67ae8584caa73bL, 0x3c6ef372fe94f82bL, 0xa54ff53a5f1d36f1L,
        0x510e527fade682d1L, 0x9b05688c2b3e6c1fL, 0x1f83d9abfb41bd6bL, 0x5be0cd19137e2179L
    };

    // RFC 7693 §2.7; rounds 10 and 11 are as 0 and 1.
    private static final byte[][] SIGMA = {
        {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
        {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
        {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
        {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
        {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
        {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
        {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
        {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
        {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
        {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0}
    };

    private Blake2b() {}

    /// @param digestBytes 1 to 64
    static byte[] digest(byte[] message, int digestBytes) {
        long[] state = IV.clone();
        state[0] ^= 0x01010000L ^ digestBytes;
        int offset = 0;
        while (message.length - offset > BLOCK_BYTES) {
            compress(state, ByteBuffer.wrap(message, offset, BLOCK_BYTES), offset + BLOCK_BYTES, false);
            offset += BLOCK_BYTES;
        }
        var last = new byte[BLOCK_BYTES];
        System.arraycopy(message, offset, last, 0, message.length - offset);
        compress(state, ByteBuffer.wrap(last), message.length, true);
        ByteBuffer digest = ByteBuffer.allocate(Long.BYTES * state.length).order(ByteOrder.LITTLE_ENDIAN);
        digest.asLongBuffer().put(state);
        return Arrays.copyOf(digest.array(), digestBytes);
    }

    // RFC 7693 §3.2.
    private static void compress(long[] state, ByteBuffer block, long bytesSoFar, boolean isLast) {
        var words = new long[16];
        block.order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(words);
        var v = new long[16];
        System.arraycopy(state, 0, v, 0, 8);
        System.arraycopy(IV, 0, v, 8, 8);
        v[12] ^= bytesSoFar;
        if (isLast) {
            v[14] = ~v[14];
        }
        for (int round = 0; round < ROUNDS; round++) {
            byte[] s = SIGMA[round % SIGMA.length];
            mix(v, new int[] {0, 4, 8, 12}, words[s[0]], words[s[1]]);
            mix(v, new int[] {1, 5, 9, 13}, words[s[2]], words[s[3]]);
            mix(v, new int[] {2, 6, 10, 14}, words[s[4]], words[s[5]]);
            mix(v, new int[] {3, 7, 11, 15}, words[s[6]], words[s[7]]);
            mix(v, new int[] {0, 5, 10, 15}, words[s[8]], words[s[9]]);
            mix(v, new int[] {1, 6, 11, 12}, words[s[10]], words[s[11]]);
            mix(v, new int[] {2, 7, 8, 13}, words[s[12]], words[s[13]]);
            mix(v, new int[] {3, 4, 9, 14}, words[s[14]], words[s[15]]);
        }
        for (int i = 0; i < state.length; i++) {
            state[i] ^= v[i] ^ v[i + 8];
        }
    }

    // RFC 7693 §3.1.
    private static void mix(long[] v, int[] at, long x, long y) {
        int a = at[0];
        int b = at[1];
        int c = at[2];
        int d = at[3];
        v[a] += v[b] + x;
        v[d] = Long.rotateRight(v[d] ^ v[a], 32);
        v[c] += v[d];
        v[b] = Long.rotateRight(v[b] ^ v[c], 24);
        v[a] += v[b] + y;
        v[d] = Long.rotateRight(v[d] ^ v[a], 16);
        v[c] += v[d];
        v[b] = Long.rotateRight(v[b] ^ v[c], 63);
    }
}
