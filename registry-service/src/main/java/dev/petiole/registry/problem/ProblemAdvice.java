package dev.petiole.registry.problem;

import static dev.petiole.registry.LogKeys.PATH;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import tools.jackson.core.JacksonException;

/// The one place where exceptions become answers.
@RestControllerAdvice
final class ProblemAdvice extends ResponseEntityExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);

    @ExceptionHandler
    ResponseEntity<Object> onRefusal(Refusal refusal) {
        ProblemDetail problem = Problems.of(refusal.type(), refusal.detail());
        if (refusal instanceof InvalidFields invalid) {
            problem.setProperty("errors", invalid.errors());
        }
        return ResponseEntity.status(refusal.type().status()).body(problem);
    }

    @ExceptionHandler
    ResponseEntity<Object> onUnreadableQuery(InvalidParameterException e) {
        return onRefusal(new InvalidFields("query", "can't be read: " + e.getMessage()));
    }

    /// The firewall looks at names and values of parameters and headers when they are first asked for, which may be
    /// here.
    @ExceptionHandler
    ResponseEntity<Object> onRejection(RequestRejectedException rejection) {
        ProblemDetail problem = Problems.of(ProblemType.INVALID_FIELD, RefusedRequests.explain(rejection));
        return ResponseEntity.status(ProblemType.INVALID_FIELD.status()).body(problem);
    }

    @ExceptionHandler
    ResponseEntity<Object> onFailure(Exception failure, WebRequest request) {
        log.atError()
                .addKeyValue(PATH, request.getDescription(false))
                .setCause(failure)
                .log("request failed");
        ProblemDetail problem = Problems.of(
                ProblemType.INTERNAL_ERROR, "The registry could not do this; its log says why. It may be tried again.");
        return ResponseEntity.internalServerError().body(problem);
    }

    @Override
    protected ResponseEntity<Object> handleMethodArgumentNotValid(
            MethodArgumentNotValidException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        return onRefusal(new InvalidFields(e.getFieldErrors().stream()
                .map(error ->
                        new FieldError(error.getField(), Objects.toString(error.getDefaultMessage(), "is not valid")))
                .toList()));
    }

    @Override
    protected ResponseEntity<Object> handleHandlerMethodValidationException(
            HandlerMethodValidationException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        List<FieldError> errors = new ArrayList<>();
        e.getParameterValidationResults()
                .forEach(result -> result.getResolvableErrors()
                        .forEach(error -> errors.add(new FieldError(
                                Objects.toString(result.getMethodParameter().getParameterName(), "request"),
                                Objects.toString(error.getDefaultMessage(), "is not valid")))));
        return onRefusal(new InvalidFields(errors));
    }

    @Override
    protected ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        return onRefusal(UnreadableBody.explain(e.getCause() instanceof JacksonException cause ? cause : null));
    }

    @Override
    protected ResponseEntity<Object> handleTypeMismatch(
            TypeMismatchException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        String field = e instanceof MethodArgumentTypeMismatchException argument ? argument.getName() : "request";
        Class<?> type = e.getRequiredType();
        String expected = type == null ? "of another type" : type.getSimpleName();
        return onRefusal(new InvalidFields(field, "must be of type " + expected));
    }

    @Override
    protected ResponseEntity<Object> handleNoResourceFoundException(
            NoResourceFoundException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        return onRefusal(new NotFound("resource /" + e.getResourcePath()));
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleExceptionInternal(
            Exception e, @Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        if (status.value() == ProblemType.INVALID_FIELD.status().value()) {
            return onRefusal(new InvalidFields("request", String.valueOf(e.getMessage())));
        }
        return super.handleExceptionInternal(e, body, headers, status, request);
    }
}
