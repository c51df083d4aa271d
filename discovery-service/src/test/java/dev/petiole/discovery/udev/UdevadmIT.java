package dev.petiole.discovery.udev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// This machine's own devices, matched by us and by `udevadm trigger --dry-run`, which uses libudev. Needs `udevadm`,
/// or what `petiole.test.udevadm` names.
class UdevadmIT {

    private static final String UDEVADM = System.getProperty("petiole.test.udevadm", "udevadm");

    @BeforeEach
    void needsUdevadm() throws InterruptedException {
        assumeTrue(isThere(), "no " + UDEVADM + " (Debian: apt-get install udev)");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '~', textBlock = """
        KERNEL=="null"                            ; --sysname-match=null
        KERNEL=="tty[0-9]"                        ; --sysname-match=tty[0-9]
        KERNEL=="tty*"                            ; --sysname-match=tty*
        KERNEL=="loop?"                           ; --sysname-match=loop?
        KERNEL=="[!a-t]*"                         ; --sysname-match=[!a-t]*
        SUBSYSTEM=="mem"                          ; --subsystem-match=mem
        SUBSYSTEM=="net"                          ; --subsystem-match=net
        SUBSYSTEM=="[mt]*"                        ; --subsystem-match=[mt]*
        SUBSYSTEM=="block", KERNEL=="loop*"       ; --subsystem-match=block --sysname-match=loop*
        SUBSYSTEM=="block", ATTR{removable}=="0"  ; --subsystem-match=block --attr-match=removable=0
        SUBSYSTEM=="block", ATTR{size}=="*0"      ; --subsystem-match=block --attr-match=size=*0
        SUBSYSTEM=="net", ATTR{type}=="772"       ; --subsystem-match=net --attr-match=type=772
        SUBSYSTEM=="mem", ATTR{dev}=="1:[35]"     ; --subsystem-match=mem --attr-match=dev=1:[35]
        SUBSYSTEM=="mem", ENV{DEVMODE}=="0666"    ; --subsystem-match=mem --property-match=DEVMODE=0666
        SUBSYSTEM=="mem", ENV{MINOR}=="?"         ; --subsystem-match=mem --property-match=MINOR=?
        SUBSYSTEM=="block", ENV{DEVTYPE}=="disk"  ; --subsystem-match=block --property-match=DEVTYPE=disk
        """)
    void findsWhatLibudevFinds(String rule, String arguments) throws Exception {
        List<String> expected = udevadm(arguments.split(" +"));
        Rule parsed = RuleParser.parse("rule", rule);

        List<String> found = new Sysfs(Path.of("/sys"), Path.of("/run/udev/data"))
                .devices().stream()
                        .filter(parsed::matches)
                        .map(device -> "/sys" + device.devpath())
                        .toList();

        assertThat(new TreeSet<>(found)).containsExactlyElementsOf(new TreeSet<>(expected));
    }

    private static boolean isThere() throws InterruptedException {
        try {
            return new ProcessBuilder(UDEVADM, "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException _) {
            return false;
        }
    }

    private static List<String> udevadm(String... matches) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(UDEVADM, "trigger", "--dry-run", "--verbose"));
        command.addAll(List.of(matches));
        Process process = new ProcessBuilder(command).start();
        List<String> lines = process.inputReader().lines().map(String::strip).toList();
        assertThat(process.waitFor()).isZero();
        return lines;
    }
}
