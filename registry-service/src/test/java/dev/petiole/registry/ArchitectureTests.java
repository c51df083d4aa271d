package dev.petiole.registry;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.RestController;

/// What holds for this service alone; `CodeRulesTests` in the module `e2e-tests` has what holds for all.
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
}
