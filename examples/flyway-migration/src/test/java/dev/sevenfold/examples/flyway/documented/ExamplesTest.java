package dev.sevenfold.examples.flyway.documented;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.tenant.TenantModel;
import dev.sevenfold.testsupport.JavaExamples;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example in the Javadoc compiles. */
class ExamplesTest {

  @TempDir Path folder;

  /** What it takes for granted. */
  static class Context {
    static final Path database = Path.of("production.sqlite3");
    static final TenantModel model = TenantModel.rootedAt("tenants").build();
  }

  @Test
  void the_example_compiles() throws IOException {
    JavaExamples examples =
        JavaExamples.within(Context.class)
            .importing("dev.sevenfold.backup.sqlite")
            .of(Path.of("src/main/java/dev/sevenfold/examples/flyway/FlywayArchiveMigration.java"));

    assertThat(examples.count()).isEqualTo(1);
    assertThat(examples.errors(folder)).isEmpty();
  }
}
