package dev.petiole.discovery.onvif;

import dev.petiole.api.configuration.DiscoveryReason;
import dev.petiole.discovery.handler.Warning;
import dev.petiole.discovery.onvif.DeviceFacts.Identification;
import dev.petiole.discovery.onvif.DeviceFacts.NetworkPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// Asks devices themselves, only so many at a time and each only for so long.
final class Inspector {

    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final int CHECKS = 2;
    private static final int MAX_STREAMS = 4;

    private final Semaphore inspections;
    private final Clock clock;

    Inspector(Semaphore inspections, Clock clock) {
        this.inspections = inspections;
        this.clock = clock;
    }

    /// What is to be found out.
    ///
    /// @param candidates what the device announced where, the most likely first
    /// @param known where it answered before; null if it never did
    /// @param isCheck whether it is enough to know that it still answers there
    record Task(
            String uuid,
            List<Candidate> candidates,
            @Nullable ServiceAddress known,
            boolean isCheck,
            DeviceSession session) {
        Task {
            candidates = List.copyOf(candidates);
        }
    }

    /// What a device announced, and where it did.
    record Candidate(InetAddress from, Announcement announcement) {}

    Inspection inspect(Task task) throws InterruptedException {
        inspections.acquire();
        try {
            return inspectNow(task);
        } finally {
            inspections.release();
        }
    }

    private Inspection inspectNow(Task task) throws InterruptedException {
        Deadline deadline = Deadline.in(LONGEST, clock);
        ServiceAddress known = task.known();
        if (known != null && task.isCheck() && answers(task, known, deadline)) {
            return new Inspection.Alive();
        }
        List<ServiceAddress> addresses = addresses(task);
        if (addresses.isEmpty()) {
            return new Inspection.Unreachable(foreign(task));
        }
        for (ServiceAddress address : addresses) {
            try {
                task.session().greet(address, deadline);
                return read(task, address, deadline);
            } catch (IOException e) {
                if (address.equals(addresses.getLast())) {
                    return new Inspection.Unreachable(silent(task.uuid(), address, e));
                }
            }
        }
        throw new IllegalStateException("no address is the last one");
    }

    /// Asks more than once, since one failed connection must not take a device offline.
    private static boolean answers(Task task, ServiceAddress at, Deadline deadline) throws InterruptedException {
        for (int i = 0; i < CHECKS; i++) {
            try {
                task.session().greet(at, deadline);
                return true;
            } catch (IOException _) {
                // Asked once more, or taken for silent.
            }
        }
        return false;
    }

    /// In the order in which they are to be tried: HTTPS that proves itself, then HTTP, then any HTTPS.
    private static List<ServiceAddress> addresses(Task task) {
        var proven = new ArrayList<ServiceAddress>();
        var plain = new ArrayList<ServiceAddress>();
        var unproven = new ArrayList<ServiceAddress>();
        for (Candidate candidate : task.candidates()) {
            for (String xaddr : candidate.announcement().xaddrs()) {
                Optional<URI> url = ServiceAddress.parse(xaddr).filter(it -> isAt(it, candidate.from()));
                if (url.isPresent() && ServiceAddress.isHttps(url.get())) {
                    proven.add(new ServiceAddress(url.get(), candidate.from(), ServiceAddress.Trust.VERIFIED));
                    unproven.add(new ServiceAddress(url.get(), candidate.from(), ServiceAddress.Trust.UNVERIFIED));
                } else if (url.isPresent()) {
                    plain.add(new ServiceAddress(url.get(), candidate.from(), ServiceAddress.Trust.PLAIN));
                }
            }
        }
        proven.addAll(plain);
        proven.addAll(unproven);
        return proven;
    }

    /// Whether the URL leads to the device itself, and not to some other host that is to be asked in its stead.
    private static boolean isAt(URI url, InetAddress address) {
        try {
            return Arrays.asList(InetAddress.getAllByName(url.getHost())).contains(address);
        } catch (UnknownHostException _) {
            return false;
        }
    }

    private static Inspection read(Task task, ServiceAddress at, Deadline deadline) throws InterruptedException {
        var reading = new Reading(task, at, deadline);
        Identification identification =
                reading.ask(OnvifCall.DEVICE_INFORMATION, OnvifAnswers::identification, Identification.NONE);
        List<NetworkPort> ports = reading.ask(OnvifCall.NETWORK_INTERFACES, OnvifAnswers::ports, List.of());
        List<String> streams = reading.streams();
        return new Inspection.Read(
                at, new DeviceFacts(identification, ports, streams), reading.isComplete, reading.warnings());
    }

    private static Warning silent(String uuid, ServiceAddress at, IOException e) {
        return new Warning(
                DiscoveryReason.ENDPOINT_UNREACHABLE,
                "camera %s at %s announces itself, but its device service %s does not answer as one: %s."
                        .formatted(uuid, ServiceAddress.text(at.address()), at.url(), e.getMessage()));
    }

    private static Warning foreign(Task task) {
        Candidate first = task.candidates().getFirst();
        List<String> xaddrs = first.announcement().xaddrs();
        return new Warning(
                DiscoveryReason.FOREIGN_ADDRESS,
                "camera %s answers from %s but announces %s, which is not there, so it is not asked."
                        .formatted(
                                task.uuid(),
                                ServiceAddress.text(first.from()),
                                xaddrs.isEmpty() ? "no service" : Text.printable(xaddrs.getFirst())));
    }

    /// One round of questions. Goes on after a refusal, and stops at the first silence.
    private static final class Reading {

        private final Task task;
        private final ServiceAddress at;
        private final Deadline deadline;
        private boolean isComplete = true;
        private boolean isSilent;
        private AccessDenied.@Nullable Reason denied;

        Reading(Task task, ServiceAddress at, Deadline deadline) {
            this.task = task;
            this.at = at;
            this.deadline = deadline;
        }

        @FunctionalInterface
        private interface Reader<T> {
            T read(XmlElement answer);
        }

        <T> T ask(OnvifCall call, Reader<T> reader, T otherwise) throws InterruptedException {
            return ask(at, call, reader, otherwise);
        }

        private <T> T ask(ServiceAddress service, OnvifCall call, Reader<T> reader, T otherwise)
                throws InterruptedException {
            if (isSilent) {
                return otherwise;
            }
            try {
                return reader.read(task.session().ask(service, call, deadline));
            } catch (AccessDenied e) {
                denied = denied == null || e.reason() == AccessDenied.Reason.REJECTED ? e.reason() : denied;
            } catch (SoapFault _) {
                // The device does not know the question, and never will.
            } catch (IOException _) {
                isSilent = true;
                isComplete = false;
            }
            return otherwise;
        }

        List<String> streams() throws InterruptedException {
            XmlElement services = ask(OnvifCall.SERVICES, answer -> answer, XmlElement.NOTHING);
            for (String namespace : List.of(OnvifCall.MEDIA2, OnvifCall.MEDIA)) {
                Optional<URI> media = OnvifAnswers.findService(services, namespace);
                List<String> streams = media.isEmpty() ? List.of() : streams(namespace, at.sibling(media.get()));
                if (!streams.isEmpty()) {
                    return streams;
                }
            }
            if (!services.children().isEmpty()) {
                return List.of();
            }
            // Devices of before ONVIF 2.0 do not know GetServices.
            Optional<URI> media = ask(OnvifCall.CAPABILITIES, OnvifAnswers::findMedia, Optional.empty());
            return media.isEmpty() ? List.of() : streams(OnvifCall.MEDIA, at.sibling(media.get()));
        }

        private List<String> streams(String namespace, ServiceAddress media) throws InterruptedException {
            var streams = new ArrayList<String>();
            List<String> profiles = ask(media, OnvifCall.profiles(namespace), OnvifAnswers::profiles, List.of());
            for (String profile : profiles.stream().limit(MAX_STREAMS).toList()) {
                Optional<String> stream = ask(
                        media,
                        OnvifCall.streamUri(namespace, profile),
                        answer -> OnvifAnswers.findStream(answer, task.session().secret()),
                        Optional.empty());
                stream.filter(uri -> !streams.contains(uri)).ifPresent(streams::add);
            }
            return streams;
        }

        List<Warning> warnings() {
            String camera = "camera " + task.uuid() + " at " + ServiceAddress.text(at.address());
            return switch (denied) {
                case REJECTED ->
                    List.of(new Warning(
                            DiscoveryReason.CREDENTIALS_REJECTED,
                            camera + " does not accept its user name and password. Correct them in discoveryProperties;"
                                    + " they are tried again when the Configuration changes, and otherwise rarely."));
                case UNSAFE ->
                    List.of(new Warning(
                            DiscoveryReason.CREDENTIALS_NOT_SENT,
                            camera + " was not told its user name and password: "
                                    + (at.trust() == ServiceAddress.Trust.UNVERIFIED
                                            ? "its certificate is not trusted by this node, and it has no service over"
                                                    + " HTTP."
                                            : "it offers no Digest authentication.")));
                case NOT_PERMITTED, NO_CREDENTIALS -> List.of();
                case null -> List.of();
            };
        }
    }
}
