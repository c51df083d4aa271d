package dev.petiole.e2e.story;

/// A Configuration of debugEcho with a broker that only waits.
///
/// @param descriptions a YAML list, one device each
record EchoConfiguration(String namespace, String name, String descriptions, int capacity) {

    String yaml() {
        return """
                apiVersion: petiole.dev/v1alpha1
                kind: Configuration
                metadata: {name: %s, namespace: %s}
                spec:
                  discoveryHandler:
                    name: debugEcho
                    discoveryDetails: |
                      descriptions: %s
                  capacity: %d
                  gracePeriod: 2s
                  brokerProperties: {RESOLUTION_WIDTH: "800"}
                  brokerSpec:
                    brokerPodSpec:
                      terminationGracePeriodSeconds: 0
                      containers:
                      - name: broker
                        image: docker.io/library/busybox:1
                        imagePullPolicy: IfNotPresent
                        command: [sh, -c, "trap exit TERM; while :; do sleep 1; done"]
                        resources:
                          requests: {"{{PLACEHOLDER}}": "1"}
                          limits: {"{{PLACEHOLDER}}": "1"}
                  instanceServiceSpec: {ports: [{name: echo, port: 6052, targetPort: 6052}]}
                  configurationServiceSpec: {ports: [{name: echo, port: 6052, targetPort: 6052}]}
                """.formatted(name, namespace, descriptions, capacity);
    }
}
