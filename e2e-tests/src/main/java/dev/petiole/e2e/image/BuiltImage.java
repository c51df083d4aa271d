package dev.petiole.e2e.image;

import java.nio.file.Path;

/// An image as a docker-archive tar.
///
/// @param reference repository and tag; the tag changes with the content, so that no node takes an old one for it
public record BuiltImage(PetioleImage image, String reference, Path tar) {}
