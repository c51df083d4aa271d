package dev.petiole.registry;

/// The keys of structured log entries.
public final class LogKeys {

    public static final String CAPACITY = "capacity";
    public static final String CLUSTER = "cluster";
    public static final String CONFIGURATION = "configuration";
    public static final String COUNT = "count";
    public static final String DEVICE = "device";
    public static final String EPOCH = "epoch";
    public static final String ERROR = "error";
    public static final String HOLDERS = "holders";
    public static final String KIND = "kind";
    public static final String NODE = "node";
    public static final String NODES = "nodes";
    public static final String PATH = "path";
    public static final String PAUSE = "pause";
    public static final String PRESENCE = "presence";
    public static final String RESOURCE = "resource";
    public static final String REVISION = "revision";
    public static final String TIMER = "timer";

    private LogKeys() {}
}
