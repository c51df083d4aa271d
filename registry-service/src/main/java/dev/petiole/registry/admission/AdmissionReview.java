package dev.petiole.registry.admission;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// `AdmissionReview` of `admission.k8s.io/v1`, as far as it is needed here: asked with `request`, answered with
/// `response`.
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
record AdmissionReview(
        @Nullable String apiVersion,
        @Nullable String kind,
        @Nullable Request request,
        @Nullable Response response) {

    /// @param object null when it is to be deleted
    /// @param oldObject null when it is to be created
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Request(
            @Nullable String uid,
            @Nullable JsonNode object,
            @Nullable JsonNode oldObject) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Response(
            String uid,
            boolean allowed,
            @Nullable Status status,
            @Nullable List<String> warnings) {}

    record Status(int code, String reason, String message) {}

    static AdmissionReview answer(Response response) {
        return new AdmissionReview("admission.k8s.io/v1", "AdmissionReview", null, response);
    }
}
