package dev.petiole.registry.client;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.ClientHttpResponse;

/// An answer that has been received to its end: one that was cut off in the middle is none.
record ReceivedResponse(HttpStatusCode statusCode, String statusText, HttpHeaders headers, byte[] body)
        implements ClientHttpResponse {

    static ReceivedResponse of(ClientHttpResponse response) throws IOException {
        try (response) {
            return new ReceivedResponse(
                    response.getStatusCode(),
                    response.getStatusText(),
                    response.getHeaders(),
                    response.getBody().readAllBytes());
        }
    }

    @Override
    public HttpStatusCode getStatusCode() {
        return statusCode;
    }

    @Override
    public String getStatusText() {
        return statusText;
    }

    @Override
    public HttpHeaders getHeaders() {
        return headers;
    }

    @Override
    public InputStream getBody() {
        return new ByteArrayInputStream(body);
    }

    @Override
    public void close() {
        // Closed already.
    }
}
