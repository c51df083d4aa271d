package dev.petiole.samples.scale;

import java.util.random.RandomGenerator;

/// The goods on the scale: shoppers take some, put some back, and staff fills up an empty shelf. Not thread-safe.
final class Shelf {

    static final int FULL = 24;

    private final RandomGenerator shoppers;
    private int count;

    Shelf(RandomGenerator shoppers) {
        this.shoppers = shoppers;
        this.count = FULL / 2 + shoppers.nextInt(FULL / 2);
    }

    int count() {
        return count;
    }

    /// Lets one moment of shopping pass.
    void shop() {
        if (count == 0) {
            count = FULL;
            return;
        }
        int change = switch (shoppers.nextInt(10)) {
            case 0, 1, 2 -> -1;
            case 3 -> -2;
            case 4 -> 1;
            default -> 0;
        };
        count = Math.clamp(count + change, 0, FULL);
    }
}
