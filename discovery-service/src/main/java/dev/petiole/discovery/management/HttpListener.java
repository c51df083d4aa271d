package dev.petiole.discovery.management;

import dev.petiole.discovery.LogKeys;
import dev.petiole.discovery.pace.QuietEventLoop;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers GET and HEAD over HTTP/1.1, once per connection. Sleeps while nobody asks; the JDK's own server wakes up
/// every second.
final class HttpListener implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(HttpListener.class);

    private static final int MAX_CONNECTIONS = 64;
    private static final int ANSWERS_AT_A_TIME = 4;
    private static final int MAX_BODY_BYTES = 1024;
    private static final int PATIENCE_SECONDS = 10;
    private static final List<HttpMethod> METHODS = List.of(HttpMethod.GET, HttpMethod.HEAD);

    private final Function<String, Answer> answers;
    private final Semaphore permits = new Semaphore(ANSWERS_AT_A_TIME);
    private final EventLoopGroup eventLoop = QuietEventLoop.named("management-io");
    // Oldest first; touched by the event loop alone.
    private final Set<Channel> connections = new LinkedHashSet<>();
    private final ExecutorService executor = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("management-", 0).factory());
    private final Channel channel;

    /// @param port 0 for any free one
    /// @param answers by the request's path, decoded; called on virtual threads
    /// @throws IOException if the port can't be had
    HttpListener(int port, Function<String, Answer> answers) throws IOException {
        this.answers = answers;
        ChannelFuture bound = new ServerBootstrap()
                .group(eventLoop)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, MAX_CONNECTIONS)
                .childHandler(new Pipeline())
                .bind(port)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            close();
            throw new IOException(bound.cause().getMessage(), bound.cause());
        }
        this.channel = bound.channel();
    }

    int port() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    @Override
    public void close() {
        executor.shutdown();
        // Closes every channel.
        Future<?> _ = eventLoop.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private final class Pipeline extends ChannelInitializer<Channel> {

        @Override
        protected void initChannel(Channel connection) {
            // Whoever holds connections without a word must not keep the probes out.
            if (connections.size() == MAX_CONNECTIONS) {
                connections.iterator().next().close();
            }
            connections.add(connection);
            connection.closeFuture().addListener(_ -> connections.remove(connection));
            connection
                    .pipeline()
                    .addLast(
                            new ReadTimeoutHandler(PATIENCE_SECONDS),
                            new HttpServerCodec(),
                            new HttpObjectAggregator(MAX_BODY_BYTES, true),
                            new Exchange());
        }
    }

    private final class Exchange extends SimpleChannelInboundHandler<FullHttpRequest> {

        private boolean isAsked;

        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            if (isAsked) {
                return;
            }
            isAsked = true;
            if (request.decoderResult().isFailure()) {
                respond(context, Answer.nothing(400));
            } else if (!METHODS.contains(request.method())) {
                respond(context, Answer.nothing(405));
            } else {
                String path = new QueryStringDecoder(request.uri()).path();
                executor.execute(() -> answer(context, path));
            }
        }

        private void answer(ChannelHandlerContext context, String path) {
            permits.acquireUninterruptibly();
            try {
                respond(context, answers.apply(path));
            } catch (RuntimeException e) {
                log.atWarn().addKeyValue("path", path).setCause(e).log("request can't be answered");
                respond(context, Answer.nothing(500));
            } finally {
                permits.release();
            }
        }

        private static void respond(ChannelHandlerContext context, Answer answer) {
            FullHttpResponse response = new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1,
                    HttpResponseStatus.valueOf(answer.status()),
                    Unpooled.copiedBuffer(answer.body(), StandardCharsets.UTF_8));
            response.headers()
                    .set(HttpHeaderNames.CONTENT_TYPE, answer.type())
                    .set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes())
                    .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            if (answer.status() == 405) {
                response.headers().set(HttpHeaderNames.ALLOW, METHODS);
            }
            // The codec leaves the body out for HEAD.
            context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
        }

        /// A client that goes away or says nothing.
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            log.atDebug().addKeyValue(LogKeys.ERROR, cause.toString()).log("connection for management lost");
            context.close();
        }
    }
}
