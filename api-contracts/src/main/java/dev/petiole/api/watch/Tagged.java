package dev.petiole.api.watch;

/// A representation that says which state it shows. Its resource version is its entity tag, too: send it as
/// `If-Match` (in quotes) with a change, or as `If-None-Match` to read only what is new.
public interface Tagged {

    /// @return opaque; changes whenever the representation does
    String resourceVersion();
}
