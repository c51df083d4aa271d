package dev.petiole.registry.device;

import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// What the document says of the filters of devices.
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Parameter(name = "query", hidden = true)
@Parameter(
        in = ParameterIn.QUERY,
        name = "group",
        description = "API group of the Configuration",
        example = "petiole.dev",
        schema = @Schema(type = "string"))
@Parameter(
        in = ParameterIn.QUERY,
        name = "namespace",
        description = "Namespace of the Configuration",
        example = "shop",
        schema = @Schema(type = "string"))
@Parameter(
        in = ParameterIn.QUERY,
        name = "configuration",
        description = "Name of the Configuration",
        example = "scales",
        schema = @Schema(type = "string"))
@Parameter(
        in = ParameterIn.QUERY,
        name = "handler",
        description = "Handler that found it",
        example = "opcua",
        schema = @Schema(type = "string"))
@Parameter(
        in = ParameterIn.QUERY,
        name = "node",
        description = "Node that has reported it",
        example = "node-1",
        schema = @Schema(type = "string"))
@Parameter(
        in = ParameterIn.QUERY,
        name = "presence",
        description = "Online, Missing, Unknown or Offline; any of several",
        array =
                @ArraySchema(
                        schema =
                                @Schema(
                                        type = "string",
                                        allowableValues = {"Online", "Missing", "Unknown", "Offline"})))
@Parameter(
        in = ParameterIn.QUERY,
        name = "admission",
        description = "Pending, Approved or Ignored; any of several",
        array =
                @ArraySchema(
                        schema =
                                @Schema(
                                        type = "string",
                                        allowableValues = {"Pending", "Approved", "Ignored"})))
@Parameter(
        in = ParameterIn.QUERY,
        name = "label",
        description = "KEY or KEY=VALUE; all of several",
        example = "[\"zone=yard\"]",
        array = @ArraySchema(schema = @Schema(type = "string")))
@Parameter(
        in = ParameterIn.QUERY,
        name = "property",
        description = "NAME or NAME=VALUE; all of several",
        example = "[\"VENDOR=Acme\"]",
        array = @ArraySchema(schema = @Schema(type = "string")))
@Parameter(
        in = ParameterIn.QUERY,
        name = "q",
        description = "Text in its name, identity, labels or properties, whatever the case",
        example = "acme",
        schema = @Schema(type = "string"))
@interface DeviceFilterParameters {}
