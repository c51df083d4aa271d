package dev.petiole.registry.admission;

import dev.petiole.registry.problem.InvalidFields;
import io.swagger.v3.oas.annotations.Hidden;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/// The webhook that the chart registers at the API server. Not part of the API: its form is Kubernetes'. It shows
/// nothing that a caller has not said, but for the handlers' names and schemas, so the API server needs no token.
@RestController
@Hidden
final class AdmissionController {

    private final DetailsAdmission admission;

    AdmissionController(DetailsAdmission admission) {
        this.admission = admission;
    }

    @PostMapping("/admission/v1/configurations")
    AdmissionReview review(@RequestBody AdmissionReview review) {
        if (review.request() == null || review.request().uid() == null) {
            throw new InvalidFields("request.uid", "must be there");
        }
        return AdmissionReview.answer(admission.judge(review.request()));
    }
}
