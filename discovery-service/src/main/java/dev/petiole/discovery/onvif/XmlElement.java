package dev.petiole.discovery.onvif;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// An element of a message, with all below it.
///
/// @param attributes by local name
/// @param prefixes the namespaces in scope, by prefix
/// @param text its own text without that of its children, stripped
record XmlElement(
        String namespace,
        String name,
        Map<String, String> attributes,
        Map<String, String> prefixes,
        List<XmlElement> children,
        String text) {

    /// An element that says nothing.
    static final XmlElement NOTHING = new XmlElement("", "", Map.of(), Map.of(), List.of(), "");

    boolean is(String expectedNamespace, String expectedName) {
        return namespace.equals(expectedNamespace) && name.equals(expectedName);
    }

    Optional<XmlElement> find(String childNamespace, String childName) {
        return children.stream()
                .filter(child -> child.is(childNamespace, childName))
                .findFirst();
    }

    /// Finds by local name alone, since devices err in the namespaces of their answers.
    Optional<XmlElement> find(String childName) {
        return list(childName).findFirst();
    }

    Stream<XmlElement> list(String childName) {
        return children.stream().filter(child -> child.name().equals(childName));
    }

    /// @return the text of the descendant at the end of `path`; empty if there is none
    String textAt(String... path) {
        Optional<XmlElement> at = Optional.of(this);
        for (String step : path) {
            at = at.flatMap(element -> element.find(step));
        }
        return at.map(XmlElement::text).orElse("");
    }

    /// All below it, without itself. As deep as [Xml] lets a message be.
    Stream<XmlElement> descendants() {
        return children.stream().flatMap(child -> Stream.concat(Stream.of(child), child.descendants()));
    }
}
