package dev.petiole.discovery.udev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.petiole.discovery.handler.InvalidDetails;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleTests {

    @TempDir
    private static Path directory;

    private static SysfsTree tree;

    @BeforeAll
    static void makeTree() {
        tree = SysfsTree.typical(directory);
    }

    /// The devices are given by the kernel's names, ordered.
    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '~', emptyValue = "", textBlock = """
        KERNEL=="video0"                                         ; video0
        KERNEL=="video[0-9]*"                                    ; video0 video1
        KERNEL=="video[!0]"                                      ; video1
        KERNEL=="video[^0]"                                      ; video1
        KERNEL=="video?"                                         ; video0 video1
        KERNEL=="video"                                          ;
        KERNEL=="null|ttyUSB*"                                   ; null ttyUSB0
        KERNEL=="cciss/c0d0"                                     ; cciss/c0d0
        KERNEL=="cciss*"                                         ; cciss/c0d0
        KERNEL!="video*", SUBSYSTEM=="video4linux"               ;
        KERNEL!="video0", SUBSYSTEM=="video4linux"               ; video1
        SUBSYSTEM=="video4linux"                                 ; video0 video1
        SUBSYSTEM=="tty|mem"                                     ; null ttyUSB0
        SUBSYSTEM!="usb|pci|video4linux|input|tty"               ; cciss/c0d0 null
        SUBSYSTEM=="usb", KERNEL!="*:*"                          ; 1-1 1-10 usb1
        DEVPATH=="/devices/virtual/mem/null"                     ; null
        DEVPATH=="/devices/virtual/*"                            ; cciss/c0d0 null
        DEVPATH=="*/usb1/1-1/*", SUBSYSTEM=="video4linux"        ; video0 video1
        DEVPATH!="/devices/pci*"                                 ; cciss/c0d0 null
        DRIVER=="uvcvideo"                                       ; 1-1:1.0
        DRIVER=="ftdi*"                                          ; 1-10:1.0
        DRIVER=="", SUBSYSTEM=="tty"                             ; ttyUSB0
        DRIVER!="usb", SUBSYSTEM=="usb"                          ; 1-10:1.0 1-1:1.0
        ATTR{index}=="1"                                         ; video1
        ATTR{index}!="1"                                         ; video0
        ATTR{idVendor}=="046d"                                   ; 1-1
        ATTR{idVendor}=="046D"                                   ;
        ATTR{idVendor}=="0*"                                     ; 1-1 1-10
        ATTR{product}=="Shelf Camera"                            ; 1-1
        ATTR{product}=="Shelf Camera "                           ;
        ATTR{product}=="Shelf Camera  "                          ; 1-1
        ATTR{queue/rotational}=="1"                              ; cciss/c0d0
        ATTR{no_such}=="*"                                       ;
        ATTR{no_such}!="x"                                       ;
        ATTR{driver}=="uvcvideo"                                 ; 1-1:1.0
        ATTR{../../../../udev-data/c81:0}=="*"                   ;
        ENV{DEVTYPE}=="disk"                                     ; cciss/c0d0
        ENV{DEVTYPE}=="usb_*", ENV{DEVTYPE}!="usb_interface"     ; 1-1 1-10 usb1
        ENV{DEVNAME}=="/dev/null"                                ; null
        ENV{SUBSYSTEM}=="mem"                                    ; null
        ENV{ID_V4L_CAPABILITIES}==":capture:"                    ; video0
        ENV{ID_V4L_CAPABILITIES}=="*:capture:*"                  ; video0
        ENV{ID_V4L_CAPABILITIES}!=":capture:", KERNEL=="video*"  ; video1
        ENV{ID_TYPE}=="disk"                                     ; cciss/c0d0
        ENV{NO_SUCH}=="", SUBSYSTEM=="mem"                       ; null
        ENV{NO_SUCH}!="x", SUBSYSTEM=="mem"                      ; null
        TAG=="uaccess"                                           ; video0
        TAG=="old"                                               ;
        TAG=="systemd"                                           ; ttyUSB0
        TAG!="uaccess", SUBSYSTEM=="video4linux"                 ; video1
        TAGS=="uaccess"                                          ; video0
        SUBSYSTEMS=="usb", KERNEL=="tty*"                        ; ttyUSB0
        SUBSYSTEMS=="mem"                                        ; null
        KERNELS=="1-1", SUBSYSTEM=="video4linux"                 ; video0 video1
        KERNELS=="1-1*", SUBSYSTEM=="tty"                        ; ttyUSB0
        KERNELS=="1-1", SUBSYSTEM=="tty"                         ;
        DRIVERS=="xhci_hcd", SUBSYSTEM=="tty"                    ; ttyUSB0
        DRIVERS=="ftdi_sio", KERNEL=="tty*"                      ; ttyUSB0
        ATTRS{idVendor}=="046d", KERNEL=="video*"                ; video0 video1
        ATTRS{idVendor}=="046d", ATTRS{serial}=="ABC*", KERNEL=="video0"                ; video0
        ATTRS{idVendor}=="046d", ATTRS{serial}=="0000:00:14.0", KERNEL=="video0"        ;
        ATTRS{idVendor}=="046d", DRIVERS=="uvcvideo", KERNEL=="video0"                  ;
        SUBSYSTEMS=="usb", DRIVERS=="uvcvideo", ATTRS{bInterfaceClass}=="0e", KERNEL=="video0" ; video0
        SUBSYSTEMS=="usb", ATTRS{idVendor}!="046d", KERNEL=="video0"                    ; video0
          KERNEL  ==  "video0"  ,  SUBSYSTEM  ==  "video4linux"                         ; video0
        KERNEL=="video0",SUBSYSTEM=="video4linux",ATTR{index}=="0"                      ; video0
        """)
    void findsExactly(String rule, String expected) throws IOException {
        Rule parsed = RuleParser.parse("udevRules[0]", rule);

        List<String> found = tree.scan().devices().stream()
                .filter(parsed::matches)
                .map(SysfsDevice::sysname)
                .sorted()
                .toList();

        List<String> names = expected == null || expected.isBlank()
                ? List.of()
                : Arrays.stream(expected.split(" ")).sorted().toList();
        assertThat(found).isEqualTo(names);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '~', emptyValue = "", textBlock = """
        ~~                             ; empty
        ACTION=="add"                  ; position 1: ACTION does not tell one device from another
        KERNEL=="a", SYMLINK=="b"      ; position 14: SYMLINK does not
        KERNEL=="a", RUN{program}=="b" ; position 14: RUN does not
        CONST{arch}=="x86"             ; position 1: CONST does not
        IMPORT{db}=="x"                ; position 1: IMPORT does not
        NAME=="x"                      ; position 1: NAME does not
        LABEL=="x"                     ; position 1: LABEL does not
        kernel=="x"                    ; position 1: unknown key 'kernel'
        FOO=="x"                       ; position 1: unknown key 'FOO'
        "x"                            ; position 1: no key
        KERNEL="x"                     ; position 7: operator '=' assigns
        KERNEL+="x"                    ; position 7: operator '+=' assigns
        KERNEL-="x"                    ; position 7: operator '-=' assigns
        TAG:="x"                       ; position 4: operator ':=' assigns
        KERNEL=~"x"                    ; position 7: operator '=~' (expected
        KERNEL "x"                     ; position 8: no operator
        KERNEL                         ; position 7: no operator
        KERNEL==x                      ; position 9: value without quotes
        KERNEL=="x                     ; position 9: quotes are not closed
        KERNEL=="x" SUBSYSTEM=="y"     ; position 13: 'S' (expected: a comma or the end)
        KERNEL=="x",                   ; no key
        KERNEL=="x",,TAG=="y"          ; position 13: no key
        ATTR=="x"                      ; position 5: ATTR without a name
        ENV=="x"                       ; position 4: ENV without a name
        KERNEL{x}=="y"                 ; position 7: KERNEL takes no name
        ATTR{}=="x"                    ; position 6: no name in braces
        ATTR{x=="y"                    ; position 5: '{' is not closed
        """)
    void refusesWithRuleAndPosition(String rule, String message) {
        assertThatExceptionOfType(InvalidDetails.class)
                .isThrownBy(() -> RuleParser.parse("discoveryDetails.udevRules[3]", rule == null ? "" : rule))
                .withMessageStartingWith("discoveryDetails.udevRules[3]: ")
                .withMessageContaining(message);
    }
}
