package dev.petiole.discovery;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.petiole.discovery.handler.DiscoveryHandler;

/// What holds for this service alone; `CodeRulesTests` in the module `e2e-tests` has what holds for all.
@AnalyzeClasses(packages = "dev.petiole.discovery", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

    @ArchTest
    static final ArchRule MODULES_FORM_NO_CYCLE = slices().matching("dev.petiole.discovery.(*)..")
            .should()
            .beFreeOfCycles()
            .because("a module must be understood without those that use it");

    @ArchTest
    static final ArchRule PROTOCOLS_KNOW_THE_HANDLER_ALONE = noClasses()
            .that()
            .resideInAnyPackage(
                    "..discovery.udev..", "..discovery.opcua..", "..discovery.onvif..", "..discovery.debugecho..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "..discovery.session..",
                    "..discovery.report..",
                    "..discovery.inventory..",
                    "..discovery.allocation..",
                    "..discovery.kubelet..",
                    "..discovery.registry..")
            .because("a new protocol must be one package");

    @ArchTest
    static final ArchRule HANDLERS_ARE_NOT_PUBLIC = classes()
            .that()
            .implement(DiscoveryHandler.class)
            .should()
            .notBePublic()
            .because("they are reached through the interface");
}
