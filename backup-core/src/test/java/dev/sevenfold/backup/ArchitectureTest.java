package dev.sevenfold.backup;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The arrows of the design: facade, then sources and stores, then the archive, then tenants. */
class ArchitectureTest {

  private static final String ROOT = "dev.sevenfold.backup";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  @Test
  void packages_depend_on_those_below_them_only() {
    layeredArchitecture()
        .consideringOnlyDependenciesInAnyPackage(ROOT + "..")
        .layer("facade")
        .definedBy(ROOT)
        .layer("memory")
        .definedBy(ROOT + ".memory")
        .layer("sqlite")
        .definedBy(ROOT + ".sqlite")
        .layer("source")
        .definedBy(ROOT + ".source")
        .layer("store")
        .definedBy(ROOT + ".store")
        .layer("retention")
        .definedBy(ROOT + ".retention")
        .layer("job")
        .definedBy(ROOT + ".job")
        .layer("link")
        .definedBy(ROOT + ".link")
        .layer("archive")
        .definedBy(ROOT + ".archive")
        .layer("tenant")
        .definedBy(ROOT + ".tenant")
        .layer("error")
        .definedBy(ROOT + ".error")
        .whereLayer("facade")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("memory")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("sqlite")
        .mayOnlyBeAccessedByLayers("facade")
        .whereLayer("source")
        .mayOnlyBeAccessedByLayers("facade", "sqlite", "job", "memory")
        .whereLayer("store")
        .mayOnlyBeAccessedByLayers("facade", "memory")
        .whereLayer("retention")
        .mayOnlyBeAccessedByLayers("facade")
        .whereLayer("job")
        .mayOnlyBeAccessedByLayers("facade")
        .whereLayer("link")
        .mayOnlyBeAccessedByLayers("facade", "memory")
        .whereLayer("archive")
        .mayOnlyBeAccessedByLayers("facade", "sqlite", "source", "store", "retention", "link")
        .because("nobody imports the facade but hosts, and no adapter knows another")
        .check(CLASSES);
  }

  @Test
  void no_type_of_one_engine_is_in_an_spi() {
    noClasses()
        .that()
        .resideInAnyPackage(ROOT + ".source", ROOT + ".store", ROOT + ".archive", ROOT + ".tenant")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.sqlite..", ROOT + ".sqlite")
        .because("PostgreSQL and S3 follow behind the same interfaces")
        .check(CLASSES);
  }

  @Test
  void time_comes_from_an_injected_clock() {
    noClasses()
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .because("tests and simulations set the time; a hidden now() cannot be set")
        .check(CLASSES);
    noClasses()
        .that()
        .haveNameNotMatching(".*(Builder|DirectoryArchiveStore|Job)")
        .should()
        .callMethod(Clock.class, "systemUTC")
        .because("the system's clock is a default of builders and factories alone")
        .check(CLASSES);
  }

  @Test
  void implementations_are_final() {
    classes()
        .that()
        .areNotInterfaces()
        .and()
        .areNotEnums()
        .and()
        .areNotAnonymousClasses()
        .and()
        .doNotHaveModifier(JavaModifier.ABSTRACT)
        .and()
        // Package-private, and the one place where tests let the disk fail.
        .doNotHaveSimpleName("DiskFiles")
        .should()
        .haveModifier(JavaModifier.FINAL)
        .because("nothing here is made to be extended but its interfaces")
        .check(CLASSES);
  }
}
