package dev.sevenfold.backup;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import dev.sevenfold.backup.source.TenantSource;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.testsupport.Rooms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rooms and their arrows, as docs/architecture.md draws them. */
class ArchitectureTest {

  private static final String ROOT = "dev.sevenfold.backup";

  private static final String[] INTERNAL = {
    ROOT + ".engine",
    ROOT + ".rows",
    ROOT + ".stage",
    ROOT + ".merge",
    ROOT + ".files",
    ROOT + ".journal",
    ROOT + ".restore",
    ROOT + ".system"
  };

  /** The rooms from the bottom up: a room knows those before it, and none behind it. */
  private static final List<String> ROOMS =
      List.of(
          ".error",
          ".io",
          ".schema",
          ".naming",
          ".tenant",
          ".archive",
          ".retention",
          ".source",
          ".scratch",
          ".engine",
          ".rows",
          ".stage",
          ".merge",
          ".files",
          ".journal",
          ".restore",
          ".system",
          ".suggest",
          ".store",
          ".link",
          ".job",
          ".memory",
          ".sqlite",
          ".report",
          ".service",
          "");

  private static final JavaClasses CLASSES = new Rooms(ROOT, ROOMS).classesOfAll();

  @Test
  void rooms_depend_on_those_below_them_only() {
    new Rooms(ROOT, ROOMS).check();
  }

  @Test
  void no_adapter_knows_another() {
    noClasses()
        .that()
        .resideInAnyPackage(ROOT + ".store", ROOT + ".link", ROOT + ".memory")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(INTERNAL)
        .because("a store, a link or a test needs no workbench")
        .check(CLASSES);
  }

  @Test
  void the_engine_of_one_database_is_named_by_two_rooms_alone() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + ".scratch", ROOT + ".sqlite")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.sqlite..")
        .because("PostgreSQL and S3 follow behind the same interfaces")
        .check(CLASSES);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rows", "stage", "merge", "files", "journal", "restore"})
  void what_a_restore_is_thought_out_in_reads_live_rows_through_the_engine_alone(String room)
      throws IOException {
    Path sources = Path.of("src/main/java", ROOT.replace('.', '/'), room);
    try (Stream<Path> files = Files.list(sources)) {
      assertThat(files)
          .isNotEmpty()
          .allSatisfy(
              file ->
                  assertThat(Files.readString(file))
                      .as("%s, which is to ask LiveRows.table", file)
                      .doesNotContain("Session.MAIN", "\"main", "main."));
    }
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
  void a_tenant_is_locked_in_one_place() {
    noClasses()
        .that()
        .doNotHaveSimpleName("SafetyArchives")
        .should()
        .callMethod(TenantSource.class, "lock", TenantId.class)
        .because("whoever has the lock settles what was interrupted before anything else")
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
        .doNotHaveSimpleName("DurableFiles")
        .should()
        .haveModifier(JavaModifier.FINAL)
        .because("nothing here is made to be extended but its interfaces")
        .check(CLASSES);
  }
}
