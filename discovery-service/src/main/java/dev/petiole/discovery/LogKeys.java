package dev.petiole.discovery;

/// The keys of structured log entries.
public final class LogKeys {

    public static final String NODE = "node";
    public static final String CONFIGURATION = "configuration";
    public static final String DEVICE = "device";
    public static final String HANDLER = "handler";
    public static final String RESOURCE = "resource";
    public static final String NAMESPACE = "namespace";
    public static final String CLAIM = "claim";
    public static final String REASON = "reason";
    public static final String ERROR = "error";

    private LogKeys() {}
}
