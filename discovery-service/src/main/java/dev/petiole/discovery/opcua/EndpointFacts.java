package dev.petiole.discovery.opcua;

import java.util.SortedSet;
import java.util.TreeSet;

/// What a server's endpoints offer, taken together (OPC UA Part 4 §7.14).
///
/// @param securityPolicies names without their URI's common part, such as `None` and `Basic256Sha256`
/// @param securityModes `None`, `Sign`, `SignAndEncrypt`
/// @param userTokenTypes `Anonymous`, `UserName`, `Certificate`, `IssuedToken`
record EndpointFacts(
        SortedSet<String> securityPolicies, SortedSet<String> securityModes, SortedSet<String> userTokenTypes) {

    EndpointFacts {
        securityPolicies = new TreeSet<>(securityPolicies);
        securityModes = new TreeSet<>(securityModes);
        userTokenTypes = new TreeSet<>(userTokenTypes);
    }
}
