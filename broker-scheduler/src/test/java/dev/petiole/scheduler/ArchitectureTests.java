package dev.petiole.scheduler;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Optional;
import org.slf4j.Logger;
import org.springframework.beans.factory.annotation.Autowired;

@AnalyzeClasses(packages = "dev.petiole.scheduler", importOptions = DoNotIncludeTests.class)
class ArchitectureTests {

    @ArchTest
    static final ArchRule modulesHaveNoCycles =
            slices().matching("dev.petiole.scheduler.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule plannersArePure = noClasses()
            .that()
            .resideInAnyPackage("..workload..", "..template..", "..placement..", "..condition..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.springframework..",
                    "io.kubernetes..",
                    "okhttp3..",
                    "dev.petiole.registry.client..",
                    "dev.petiole.scheduler.registry..",
                    "dev.petiole.scheduler.queue..",
                    "dev.petiole.scheduler.event..")
            .because("a plan must depend on nothing but the situation");

    @ArchTest
    static final ArchRule onlyTheAdapterKnowsTheKubernetesClient = noClasses()
            .that()
            .resideOutsideOfPackages("..scheduler.kubernetes..", "..scheduler.leader..", "dev.petiole.scheduler")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.kubernetes..");

    @ArchTest
    static final ArchRule timeAndEnvironmentAreInjected = noClasses()
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(LocalDateTime.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Thread.class, "sleep", long.class)
            .orShould()
            .callMethod(System.class, "getenv", String.class);

    @ArchTest
    static final ArchRule nothingIsInjectedIntoFields = noFields().should().beAnnotatedWith(Autowired.class);

    @ArchTest
    static final ArchRule noFieldIsOptional = noFields()
            .that()
            .areDeclaredInClassesThat()
            .areNotRecords()
            .should()
            .haveRawType(Optional.class);

    @ArchTest
    static final ArchRule loggersLookAlike = fields().that()
            .haveRawType(Logger.class)
            .should()
            .bePrivate()
            .andShould()
            .beStatic()
            .andShould()
            .beFinal();

    @ArchTest
    static final ArchRule noDrawers = noClasses()
            .should()
            .haveNameMatching(".*(Utils?|Helper|Impl|Manager|DTO)$")
            .because("a name says what a thing is");
}
