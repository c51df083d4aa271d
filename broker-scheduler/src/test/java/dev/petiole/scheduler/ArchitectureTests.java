package dev.petiole.scheduler;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/// What holds for this service alone; `CodeRulesTests` in the module `e2e-tests` has what holds for all.
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
}
