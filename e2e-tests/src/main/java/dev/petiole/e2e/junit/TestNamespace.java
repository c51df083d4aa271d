package dev.petiole.e2e.junit;

/// A namespace that is there for one test class, and gone afterwards.
public record TestNamespace(String name) {}
