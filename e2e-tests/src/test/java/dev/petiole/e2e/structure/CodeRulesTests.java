package dev.petiole.e2e.structure;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import dev.petiole.e2e.cluster.Repository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What holds for the code of all services and libraries alike. Each service's `ArchitectureTests` have what holds
/// for it alone.
class CodeRulesTests {

    private static final List<String> MODULES =
            List.of("api-contracts", "registry-client", "registry-service", "discovery-service", "broker-scheduler");

    private static JavaClasses all;

    /// They are no dependencies of this module, but built before it.
    @BeforeAll
    static void read() {
        List<Path> compiled = MODULES.stream()
                .map(module -> Repository.find().path(module, "target", "classes"))
                .toList();
        compiled.forEach(directory ->
                assumeTrue(Files.isDirectory(directory), directory + " is not there (remedy: mvn compile)"));
        all = new ClassFileImporter()
                .withImportOption(CodeRulesTests::isWrittenByPeople)
                .importPaths(compiled);
    }

    private static boolean isWrittenByPeople(Location location) {
        return !location.contains("/dev/petiole/proto/");
    }

    @Test
    void allModulesAreRead() {
        assertThat(MODULES)
                .allSatisfy(module -> assertThat(all.stream()
                                .filter(type -> type.getSource().stream()
                                        .anyMatch(source ->
                                                source.getUri().getPath().contains("/" + module + "/"))))
                        .isNotEmpty());
    }

    /// Tests decide what time it is.
    @Test
    void timeAndEnvironmentAreInjected() {
        noClasses()
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(LocalDateTime.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "getenv", String.class)
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .check(all);
    }

    @Test
    void nothingIsInjectedIntoFields() {
        noFields()
                .should()
                .beAnnotatedWith("org.springframework.beans.factory.annotation.Autowired")
                .orShould()
                .beAnnotatedWith("org.springframework.beans.factory.annotation.Value")
                .orShould()
                .beAnnotatedWith("jakarta.inject.Inject")
                .orShould()
                .beAnnotatedWith("jakarta.annotation.Resource")
                .check(all);
    }

    /// An Optional is an answer; a nullable field says the same. A record may carry an answer on.
    @Test
    void optionalsAreNoState() {
        noFields()
                .that()
                .areDeclaredInClassesThat()
                .areNotRecords()
                .should()
                .haveRawType(Optional.class)
                .check(all);
    }

    @Test
    void loggersLookTheSame() {
        fields().that()
                .haveRawType("org.slf4j.Logger")
                .should()
                .bePrivate()
                .andShould()
                .beStatic()
                .andShould()
                .beFinal()
                .andShould()
                .haveName("log")
                .check(all);
    }

    @Test
    void namesSayWhatThingsAre() {
        noClasses()
                .should()
                .haveNameMatching(".*(Utils?|Helper|Impl|Manager|DTO)")
                .check(all);
    }
}
