package dev.petiole.samples.scale;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs one [ShelfScale], described by environment variables, until it is told to stop.
public final class ShelfScaleApplication {

    private static final Logger log = LoggerFactory.getLogger(ShelfScaleApplication.class);

    private ShelfScaleApplication() {}

    public static void main(String[] args) {
        ScaleSettings settings = ScaleSettings.from(System.getenv());
        ShelfScale scale = ShelfScale.start(settings);
        Runtime.getRuntime().addShutdownHook(new Thread(scale::close, "unplug"));
        log.atInfo()
                .addKeyValue("scale", settings.name())
                .addKeyValue("product", settings.item())
                .addKeyValue("port", settings.port())
                .log("scale plugged in");
    }
}
