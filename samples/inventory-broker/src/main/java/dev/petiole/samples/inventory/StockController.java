package dev.petiole.samples.inventory;

import java.time.Instant;
import java.util.Locale;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// What is on the shelf, over HTTP.
@RestController
final class StockController {

    private final Scale scale;
    private final InventoryProperties properties;

    StockController(Scale scale, InventoryProperties properties) {
        this.scale = scale;
        this.properties = properties;
    }

    @GetMapping("/stock")
    Stock stock() {
        return scale.findFreshReading()
                .map(reading -> Stock.of(reading, scale.url()))
                .orElseThrow(this::noFreshReading);
    }

    private ErrorResponseException noFreshReading() {
        var problem = ProblemDetail.forStatusAndDetail(
                HttpStatus.SERVICE_UNAVAILABLE,
                String.format(
                        Locale.ROOT,
                        "The scale at %s has not been read for %d s. Is it plugged in?",
                        scale.url().value(),
                        properties.freshness().toSeconds()));
        problem.setTitle("No fresh reading");
        return new ErrorResponseException(HttpStatus.SERVICE_UNAVAILABLE, problem, null);
    }

    /// The stock of one shelf.
    ///
    /// @param count number of items
    record Stock(String scale, String product, long count, double weightGrams, Instant readAt, String scaleUrl) {

        static Stock of(Reading reading, ScaleUrl url) {
            return new Stock(
                    reading.scale(),
                    reading.product(),
                    reading.count(),
                    reading.weightGrams(),
                    reading.readAt(),
                    url.value());
        }
    }
}
