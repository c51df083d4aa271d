package dev.petiole.e2e.quickstart;

import java.util.ArrayList;
import java.util.List;

/// What the caller of `./quickstart` asks for.
///
/// @param currentContext whether to use the cluster of the caller's current kube context
record Options(Action action, boolean currentContext) {

    static final String USAGE = """
            usage: ./quickstart [--current-context]    find or make a cluster, install Petiole, run the smart store
                   ./quickstart status                 the store's devices, Instances, brokers and stock
                   ./quickstart unplug|plug scale-N    take a scale off the network, and put it back
                   ./quickstart down                   remove all of it""";

    sealed interface Action {
        record Up() implements Action {}

        record Status() implements Action {}

        record Plug(String scale) implements Action {}

        record Unplug(String scale) implements Action {}

        record Down() implements Action {}
    }

    static Options parse(String... arguments) {
        List<String> words = new ArrayList<>(List.of(arguments));
        boolean currentContext = words.remove("--current-context");
        Action action = switch (String.join(" ", words.subList(0, Math.min(1, words.size())))) {
            case "", "up" -> new Action.Up();
            case "status" -> new Action.Status();
            case "down" -> new Action.Down();
            case "plug" -> new Action.Plug(scale(words));
            case "unplug" -> new Action.Unplug(scale(words));
            default -> throw new IllegalArgumentException(USAGE);
        };
        int expected = action instanceof Action.Plug || action instanceof Action.Unplug ? 2 : 1;
        if (words.size() > expected) {
            throw new IllegalArgumentException(USAGE);
        }
        return new Options(action, currentContext);
    }

    private static String scale(List<String> words) {
        if (words.size() < 2 || !words.get(1).matches("[a-z0-9]([-a-z0-9]*[a-z0-9])?")) {
            throw new IllegalArgumentException(USAGE);
        }
        return words.get(1);
    }
}
