package dev.petiole.api.caller;

import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;

/// The caller, as the registry sees it.
@HttpExchange("/api/v1/me")
public interface CallerApi {

    /// 401 if the caller says who they are and can't prove it.
    @GetExchange
    Me me();
}
