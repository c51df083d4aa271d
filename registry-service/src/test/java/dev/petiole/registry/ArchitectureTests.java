package dev.petiole.registry;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.RestController;

@AnalyzeClasses(packages = "dev.petiole.registry", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

    @ArchTest
    static final ArchRule modulesHaveNoCycles =
            slices().matching("dev.petiole.registry.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule theCoreIsPure = noClasses()
            .that()
            .haveNameMatching(".*(Record|Rules|Holders|Claim|Sighting|PresenceCounts|.*Dialect|Blake2b)")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework..", "java.sql..", "jakarta.servlet..")
            .because("rules are functions of state, statement and time, and tested as such");

    @ArchTest
    static final ArchRule onlyStoresSpeakSql = noClasses()
            .that()
            .haveNameNotMatching(".*(Store|ObservationProgress)(\\$.*)?")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.springframework.jdbc..");

    @ArchTest
    static final ArchRule timeIsInjected = noClasses()
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "getenv", String.class)
            .orShould()
            .callMethod(Thread.class, "sleep", long.class)
            .because("tests decide what time it is");

    @ArchTest
    static final ArchRule nothingIsInjectedIntoFields =
            noFields().should().beAnnotatedWith(Autowired.class).orShould().beAnnotatedWith(Value.class);

    @ArchTest
    static final ArchRule controllersAreHidden =
            classes().that().areAnnotatedWith(RestController.class).should().notBePublic();

    @ArchTest
    static final ArchRule problemsAreMadeInOnePlace = noClasses()
            .that()
            .resideOutsideOfPackage("..problem..")
            .should()
            .dependOnClassesThat()
            .areAssignableTo(ProblemDetail.class);

    @ArchTest
    static final ArchRule nobodyDependsOnSecurity = noClasses()
            .that()
            .resideOutsideOfPackage("..security..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..registry.security..");

    @ArchTest
    static final ArchRule loggersLookTheSame = fields().that()
            .haveRawType(Logger.class)
            .should()
            .bePrivate()
            .andShould()
            .beStatic()
            .andShould()
            .beFinal()
            .andShould()
            .haveName("log");

    @ArchTest
    static final ArchRule optionalsAreAnswersNotState = noFields().should().haveRawType(Optional.class);

    @ArchTest
    static final ArchRule namesSayWhatThingsAre =
            noClasses().should().haveNameMatching(".*(Utils?|Helper|Impl|Manager|DTO)");
}
