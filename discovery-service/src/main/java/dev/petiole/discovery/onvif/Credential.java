package dev.petiole.discovery.onvif;

/// A user of a device.
record Credential(String username, String password) {

    /// Leaves out the secret.
    @Override
    public String toString() {
        return "Credential[username=" + username + "]";
    }
}
