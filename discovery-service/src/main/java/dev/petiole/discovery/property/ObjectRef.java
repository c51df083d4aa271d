package dev.petiole.discovery.property;

/// A Secret or a ConfigMap.
record ObjectRef(Kind kind, String namespace, String name) {

    enum Kind {
        SECRET("Secret", "secrets"),
        CONFIG_MAP("ConfigMap", "configmaps");

        private final String title;
        private final String plural;

        Kind(String title, String plural) {
            this.title = title;
            this.plural = plural;
        }

        String plural() {
            return plural;
        }
    }

    /// @return such as `Secret shop/cameras`
    @Override
    public String toString() {
        return kind.title + " " + namespace + "/" + name;
    }
}
