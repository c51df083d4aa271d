package dev.petiole.registry.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petiole.api.configuration.AdmissionRule;
import dev.petiole.api.configuration.AdmissionRule.Operator;
import dev.petiole.api.configuration.AdmissionRule.PropertyMatch;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationSpec;
import dev.petiole.api.configuration.ConfigurationSpec.AdmissionMode;
import dev.petiole.api.configuration.DiscoveryHandlerSpec;
import dev.petiole.api.device.Device.Admission;
import dev.petiole.api.device.Device.Decision;
import dev.petiole.registry.device.DeviceRecord.Origin;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdmissionRulesTests {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final Map<String, String> PROPERTIES = Map.of("VENDOR", "Acme", "URL", "opc.tcp://10.0.0.7:4840/");

    @Test
    void withoutRulesTheModeDecides() {
        assertThat(applied(AdmissionMode.AUTOMATIC).admission()).isEqualTo(Admission.APPROVED);
        assertThat(applied(AdmissionMode.MANUAL).admission()).isEqualTo(Admission.PENDING);
    }

    @Test
    void theFirstRuleThatFitsDecidesAndSaysSo() {
        DeviceRecord device = applied(
                AdmissionMode.MANUAL,
                rule("other", AdmissionRule.Decision.IGNORE, List.of(in("VENDOR", "Evil")), List.of()),
                rule("ours", AdmissionRule.Decision.APPROVE, List.of(in("VENDOR", "Acme", "Acme Ltd")), List.of()),
                rule("all", AdmissionRule.Decision.IGNORE, List.of(exists("VENDOR")), List.of()));

        assertThat(device.admission()).isEqualTo(Admission.APPROVED);
        assertThat(device.decision())
                .isEqualTo(new Decision("rule ours", NOW, "Rule ours fits: \"VENDOR in [Acme, Acme Ltd]\" holds."));
    }

    @Test
    void oneBlockingMatchIsEnough() {
        AdmissionRule rule = rule(
                "net",
                AdmissionRule.Decision.APPROVE,
                List.of(like("URL", "opc.tcp://10.0.*")),
                List.of(exists("SERIAL"), like("URL", "*.7:4840/")));

        assertThat(applied(AdmissionMode.MANUAL, rule).admission()).isEqualTo(Admission.PENDING);
        assertThat(AdmissionRules.judge(spec(AdmissionMode.MANUAL, rule), device(PROPERTIES))
                        .why())
                .isEqualTo("The Configuration wants every new device to be approved; rule net does not fit: "
                        + "\"URL like *.7:4840/\" blocks it, it is \"opc.tcp://10.0.0.7:4840/\".");
    }

    @Test
    void allMatchesMustHold() {
        AdmissionRule rule =
                rule("two", AdmissionRule.Decision.APPROVE, List.of(exists("VENDOR"), exists("SERIAL")), List.of());

        assertThat(applied(AdmissionMode.MANUAL, rule).admission()).isEqualTo(Admission.PENDING);
    }

    @Test
    void aRuleThatNamesDevicesIsForThemAlone() {
        var named = new AdmissionRule("named", null, List.of(device(PROPERTIES).name()), null, null);
        var another = new AdmissionRule("named", null, List.of("scales-another"), null, null);

        assertThat(applied(AdmissionMode.MANUAL, named).admission()).isEqualTo(Admission.APPROVED);
        assertThat(applied(AdmissionMode.MANUAL, another).admission()).isEqualTo(Admission.PENDING);
    }

    /// Where everything else is let in, a rule can keep some out.
    @Test
    void aRuleIgnoresEvenWhereDevicesAreAdmittedAutomatically() {
        AdmissionRule rule = rule("evil", AdmissionRule.Decision.IGNORE, List.of(in("VENDOR", "Acme")), List.of());

        assertThat(applied(AdmissionMode.AUTOMATIC, rule).admission()).isEqualTo(Admission.IGNORED);
    }

    @Test
    void whatSomebodyDecidedIsNotDecidedAgain() {
        var decision = new Decision("ada", NOW, null);
        DeviceRecord ignored = device(PROPERTIES).decided(Admission.IGNORED, decision);
        ConfigurationSpec spec = spec(
                AdmissionMode.MANUAL,
                rule("all", AdmissionRule.Decision.APPROVE, List.of(exists("VENDOR")), List.of()));

        assertThat(AdmissionRules.applied(spec, ignored, NOW)).isEqualTo(ignored);
    }

    @ParameterizedTest
    @CsvSource({
        "abc,abc,true",
        "abc,a?c,true",
        "abc,*,true",
        "abc,a*,true",
        "abc,*c,true",
        "abc,*b*,true",
        "abcabc,a*bc,true",
        "abc,abc*,true",
        "abc,ab,false",
        "abc,b*,false",
        "abc,a?,false",
        "abc,ABC,false",
        "a.c,a.c,true",
        "abc,a.c,false",
        "'',*,true",
        "'',?,false"
    })
    void patternsAreLikeThoseOfFileNames(String value, String pattern, boolean isLike) {
        assertThat(AdmissionRules.isLike(value, pattern)).isEqualTo(isLike);
    }

    private static DeviceRecord applied(AdmissionMode mode, AdmissionRule... rules) {
        return AdmissionRules.applied(spec(mode, rules), device(PROPERTIES), NOW);
    }

    private static ConfigurationSpec spec(AdmissionMode mode, AdmissionRule... rules) {
        return ConfigurationSpec.of(new DiscoveryHandlerSpec("debugEcho", "", null), 1)
                .withAdmission(mode, List.of(rules));
    }

    private static AdmissionRule rule(
            String name,
            AdmissionRule.@Nullable Decision decide,
            List<PropertyMatch> match,
            List<PropertyMatch> block) {
        return new AdmissionRule(name, decide, null, match, block);
    }

    private static PropertyMatch in(String property, String... values) {
        return new PropertyMatch(property, null, List.of(values));
    }

    private static PropertyMatch like(String property, String... values) {
        return new PropertyMatch(property, Operator.LIKE, List.of(values));
    }

    private static PropertyMatch exists(String property) {
        return new PropertyMatch(property, Operator.EXISTS, null);
    }

    private static DeviceRecord device(Map<String, String> properties) {
        var origin = new Origin(ConfigurationKey.of("default", "scales"), "uid", "opcua", "identity", null);
        return DeviceRecord.of(origin, 1, Admission.PENDING, NOW).seenBy("n1", properties, NOW);
    }
}
