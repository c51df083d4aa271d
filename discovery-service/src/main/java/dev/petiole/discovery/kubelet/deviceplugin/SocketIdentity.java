package dev.petiole.discovery.kubelet.deviceplugin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/// Tells a socket from another one that was later made under the same name.
///
/// @param fileKey device and inode
record SocketIdentity(@Nullable Object fileKey, FileTime modified) {

    /// @return null if there is no such file
    static @Nullable SocketIdentity of(Path socket) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(socket, BasicFileAttributes.class);
            return new SocketIdentity(attributes.fileKey(), attributes.lastModifiedTime());
        } catch (IOException _) {
            // Not there, or not to be seen, which is the same to us.
            return null;
        }
    }
}
