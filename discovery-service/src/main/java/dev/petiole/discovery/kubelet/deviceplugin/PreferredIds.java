package dev.petiole.discovery.kubelet.deviceplugin;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Which ids of a Configuration's resource to take: those that spread a container over as many devices as can be, and
/// among equals those of the device with the most slots left.
final class PreferredIds {

    private PreferredIds() {}

    /// @param available all that can be taken, those of `mustInclude` among them
    /// @param size how many to choose
    static List<String> choose(List<String> available, List<String> mustInclude, int size) {
        var chosen = new ArrayList<>(mustInclude);
        Set<String> left = new LinkedHashSet<>(available.stream().sorted().toList());
        mustInclude.forEach(left::remove);
        Map<String, Integer> taken = new HashMap<>();
        mustInclude.forEach(id -> taken.merge(device(id), 1, Integer::sum));
        Map<String, Integer> free = new HashMap<>();
        left.forEach(id -> free.merge(device(id), 1, Integer::sum));
        Comparator<String> bySpread = Comparator.<String>comparingInt(id -> taken.getOrDefault(device(id), 0))
                .thenComparing(id -> free.getOrDefault(device(id), 0), Comparator.reverseOrder())
                .thenComparing(Comparator.naturalOrder());
        while (chosen.size() < size && !left.isEmpty()) {
            String next = left.stream().min(bySpread).orElseThrow();
            left.remove(next);
            chosen.add(next);
            taken.merge(device(next), 1, Integer::sum);
            free.merge(device(next), -1, Integer::sum);
        }
        return chosen;
    }

    private static String device(String id) {
        int slot = id.lastIndexOf('.');
        return slot < 0 ? id.substring(0, Math.max(0, id.lastIndexOf('-'))) : id.substring(0, slot);
    }
}
