package dev.petiole.discovery.management;

import java.util.List;

/// What the management server says to a request.
///
/// @param status of HTTP
/// @param type the body's, for `Content-Type`
record Answer(int status, String type, String body) {

    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final String JSON = "application/json";

    /// @param obstacles what it waits for, if it is not up
    static Answer health(boolean isUp, List<String> obstacles) {
        if (isUp) {
            return new Answer(200, JSON, "{\"status\":\"UP\"}");
        }
        String waiting =
                String.join(",", obstacles.stream().map(it -> "\"" + it + "\"").toList());
        return new Answer(503, JSON, "{\"status\":\"DOWN\",\"waiting\":[" + waiting + "]}");
    }

    /// @param metrics in Prometheus' text format
    static Answer metrics(String metrics) {
        return new Answer(200, TEXT, metrics);
    }

    static Answer nothing(int status) {
        return new Answer(status, JSON, "{}");
    }
}
