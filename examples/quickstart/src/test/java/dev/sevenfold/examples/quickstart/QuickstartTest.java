package dev.sevenfold.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.tenant.TenantId;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickstartTest {

  @TempDir Path folder;

  @Test
  void tells_the_story_to_its_happy_end() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    new Quickstart(new PrintStream(out, true, StandardCharsets.UTF_8), folder).run();

    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("tenant_2_")
        .contains("Rose Bakery   3 customers (Smith, ...), 9 orders, 3 photos")
        .contains("customers     2 inserted,  3 updated")
        .containsPattern("The Tulip Bakery took \\d+ orders meanwhile; none is lost")
        .contains("The Lily Bakery never noticed")
        .contains("The Rose Bakery is as it was once more");
    assertThat(folder.resolve("backups/tenant_2"))
        .isDirectoryContaining("glob:**/safety_2_*.tar.gz");
  }

  @Test
  void notices_the_slightest_difference() throws Exception {
    Bakeries bakeries = Bakeries.create(folder);
    TenantId rose = TenantId.of(2);
    String before = bakeries.fingerprint(rose);

    bakeries.disaster(rose);

    assertThat(bakeries.fingerprint(rose)).isNotEqualTo(before);
  }
}
