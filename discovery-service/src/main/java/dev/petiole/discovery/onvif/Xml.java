package dev.petiole.discovery.onvif;

import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/// Reads XML from strangers. No document type, no entity but the five of XML itself, no processing instruction
/// (SOAP 1.2 Part 1 §5 forbids all three), and not more than so many of anything.
final class Xml {

    static final int MAX_DEPTH = 32;
    static final int MAX_ELEMENTS = 10_000;
    static final int MAX_ATTRIBUTES = 64;
    static final int MAX_PREFIXES = 64;

    private static final XMLInputFactory FACTORY = factory();

    private Xml() {}

    /// @param bytes at most as many as the caller was ready to receive
    /// @return the root element
    static XmlElement parse(byte[] bytes) throws MalformedMessage {
        try {
            return read(FACTORY.createXMLStreamReader(new StringReader(text(bytes))));
        } catch (XMLStreamException e) {
            throw new MalformedMessage("not XML", e);
        } catch (RuntimeException e) {
            // The JDK's parser meets some nonsense with unchecked exceptions of many kinds.
            throw new MalformedMessage("not XML", e);
        }
    }

    /// SOAP is UTF-8, and devices that err in it still have names that can be read for the greater part. Decoded
    /// here, since the JDK's parser writes what it thinks of wrong bytes to standard error, which a stranger could
    /// fill.
    private static String text(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private static XmlElement read(XMLStreamReader reader) throws XMLStreamException, MalformedMessage {
        Deque<Open> open = new ArrayDeque<>();
        int elements = 0;
        while (reader.hasNext()) {
            switch (reader.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    check(open.size() < MAX_DEPTH, "nested too deeply");
                    check(++elements <= MAX_ELEMENTS, "too many elements");
                    open.push(new Open(reader, open.peek()));
                }
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> append(open.peek(), reader);
                case XMLStreamConstants.END_ELEMENT -> {
                    XmlElement closed = open.pop().close();
                    Open parent = open.peek();
                    if (parent == null) {
                        return closed;
                    }
                    parent.children.add(closed);
                }
                case XMLStreamConstants.DTD -> throw new MalformedMessage("has a document type");
                case XMLStreamConstants.ENTITY_REFERENCE -> throw new MalformedMessage("has an entity");
                case XMLStreamConstants.PROCESSING_INSTRUCTION ->
                    throw new MalformedMessage("has a processing instruction");
                default -> {
                    // Comments and white space mean nothing.
                }
            }
        }
        throw new MalformedMessage("ends too early");
    }

    private static void append(@Nullable Open open, XMLStreamReader reader) {
        if (open != null) {
            open.text.append(reader.getTextCharacters(), reader.getTextStart(), reader.getTextLength());
        }
    }

    private static void check(boolean holds, String complaint) throws MalformedMessage {
        if (!holds) {
            throw new MalformedMessage(complaint);
        }
    }

    private static XMLInputFactory factory() {
        var factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
        factory.setXMLResolver((_, _, _, _) -> {
            throw new XMLStreamException("external entities are refused");
        });
        return factory;
    }

    /// An element whose end has not been read yet.
    private static final class Open {

        private final String namespace;
        private final String name;
        private final Map<String, String> attributes;
        private final Map<String, String> prefixes;
        private final List<XmlElement> children = new ArrayList<>();
        private final StringBuilder text = new StringBuilder();

        Open(XMLStreamReader reader, @Nullable Open parent) throws MalformedMessage {
            namespace = Objects.requireNonNullElse(reader.getNamespaceURI(), "");
            name = reader.getLocalName();
            attributes = attributes(reader);
            prefixes = prefixes(reader, parent == null ? Map.of() : parent.prefixes);
        }

        XmlElement close() {
            return new XmlElement(
                    namespace,
                    name,
                    attributes,
                    prefixes,
                    children,
                    text.toString().strip());
        }

        private static Map<String, String> attributes(XMLStreamReader reader) throws MalformedMessage {
            int count = reader.getAttributeCount();
            check(count <= MAX_ATTRIBUTES, "too many attributes");
            if (count == 0) {
                return Map.of();
            }
            var attributes = new HashMap<String, String>();
            for (int i = 0; i < count; i++) {
                attributes.put(reader.getAttributeLocalName(i), reader.getAttributeValue(i));
            }
            return attributes;
        }

        private static Map<String, String> prefixes(XMLStreamReader reader, Map<String, String> outer)
                throws MalformedMessage {
            int count = reader.getNamespaceCount();
            if (count == 0) {
                return outer;
            }
            check(outer.size() + count <= MAX_PREFIXES, "too many namespaces");
            var prefixes = new HashMap<>(outer);
            for (int i = 0; i < count; i++) {
                prefixes.put(
                        Objects.requireNonNullElse(reader.getNamespacePrefix(i), ""),
                        Objects.requireNonNullElse(reader.getNamespaceURI(i), ""));
            }
            return prefixes;
        }
    }
}
