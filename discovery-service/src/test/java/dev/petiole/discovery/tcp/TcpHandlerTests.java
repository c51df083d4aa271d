package dev.petiole.discovery.tcp;

import dev.petiole.discovery.handler.DiscoveryHandler;
import dev.petiole.discovery.handler.DiscoveryHandlerContract;
import dev.petiole.discovery.handler.HandlerInput;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class TcpHandlerTests extends DiscoveryHandlerContract {

    private ServerSocket machine;

    @BeforeEach
    void startMachine() throws IOException {
        machine = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void stopMachine() throws IOException {
        machine.close();
    }

    @Override
    protected DiscoveryHandler handler() {
        return new TcpHandler();
    }

    @Override
    protected HandlerInput inputThatFindsDevices() {
        return HandlerInput.of("addresses: ['127.0.0.1:" + machine.getLocalPort() + "']");
    }

    @Override
    protected HandlerInput inputThatFindsNothing() {
        return HandlerInput.of("addresses: ['127.0.0.1:1']");
    }
}
