package dev.petiole.registry.query;

import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Schema;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// What the document says of the pages of any list.
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Parameter(
        in = ParameterIn.QUERY,
        name = "fields",
        description = "Paths between commas: no more of each item is sent",
        example = "resourceVersion",
        schema = @Schema(type = "string"))
@Parameter(
        in = ParameterIn.QUERY,
        name = "limit",
        description = "The most items of a page",
        schema = @Schema(type = "integer", minimum = "1", maximum = "1000", defaultValue = "500"))
@Parameter(
        in = ParameterIn.QUERY,
        name = "cursor",
        description = "The nextCursor of the page before",
        schema = @Schema(type = "string"))
public @interface PageParameters {}
