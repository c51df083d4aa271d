package dev.petiole.scheduler.registry;

/// Which database of the registry something comes from. One that is new, or was restored, has another epoch.
public final class Epoch {

    private Epoch() {}

    /// @param resourceVersion the registry's, `<epoch>-<revision>`
    public static String of(String resourceVersion) {
        int dash = resourceVersion.lastIndexOf('-');
        return dash < 0 ? resourceVersion : resourceVersion.substring(0, dash);
    }
}
