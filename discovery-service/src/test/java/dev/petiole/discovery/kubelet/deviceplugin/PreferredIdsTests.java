package dev.petiole.discovery.kubelet.deviceplugin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PreferredIdsTests {

    @Test
    void spreadOverDevices() {
        assertThat(PreferredIds.choose(List.of("s-a.0", "s-a.1", "s-b.0", "s-b.1"), List.of(), 2))
                .containsExactly("s-a.0", "s-b.0");
    }

    @Test
    void takeTheDeviceWithTheMostSlotsLeft() {
        assertThat(PreferredIds.choose(List.of("s-a.0", "s-b.0", "s-b.1"), List.of(), 1))
                .containsExactly("s-b.0");
    }

    @Test
    void containWhatMustBeIncluded() {
        assertThat(PreferredIds.choose(List.of("s-a.0", "s-a.1", "s-b.0"), List.of("s-a.1"), 2))
                .containsExactly("s-a.1", "s-b.0");
    }

    @Test
    void areNoMoreThanThereAre() {
        assertThat(PreferredIds.choose(List.of("s-a-0"), List.of(), 3)).containsExactly("s-a-0");
    }
}
