package dev.sevenfold.backup.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabelTest {

  private static final Instant ONE_PAST_ONE = Instant.parse("2026-11-22T01:01:00Z");

  private static Label backup(String tenant) {
    return TenantLabeler.utc().backup(TenantId.of(tenant), ONE_PAST_ONE);
  }

  @Test
  void parses_what_names_a_tenants_backup() {
    Label label = Label.parse("tenant_42_20261122010100");

    assertThat(label.kind()).isEqualTo(Label.Kind.TENANT);
    assertThat(label.tenant()).contains(TenantId.of(42));
    assertThat(label).isEqualTo(backup("42")).hasToString("tenant_42_20261122010100");
  }

  @Test
  void parses_every_form() {
    assertThat(Label.parse("tenant_42_2026-11-22").tenant()).contains(TenantId.of(42));
    assertThat(Label.parse("safety_42_20261122010100").kind()).isEqualTo(Label.Kind.SAFETY);
    assertThat(Label.parse("safety_42_20261122010100").tenant()).contains(TenantId.of(42));
    assertThat(Label.parse("system_20261122010100").kind()).isEqualTo(Label.Kind.SYSTEM);
    assertThat(Label.parse("system_20261122010100").tenant()).isEmpty();
    assertThat(Label.parse("tenant_42_20261122010100-2").tenant()).contains(TenantId.of(42));
    assertThat(Label.parse("tenant_42_2026-11-22-17")).hasToString("tenant_42_2026-11-22-17");
    assertThat(Label.parse("system_2026-11-22-999999")).hasToString("system_2026-11-22-999999");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "tenant",
        "tenant_",
        "tenant_42",
        "tenant__20261122010100",
        "tenant_42_",
        "tenant_20261122010100",
        "tenant_42_2026112201010",
        "tenant_42_202611220101000",
        "tenant_42_2026-11-2",
        "tenant_42_2026-11-022",
        "tenant_42_26-11-22",
        "tenant_42_2026_11_22",
        "tenant_42_20261322010100",
        "tenant_42_20261100010100",
        "tenant_42_20260229010100",
        "tenant_42_20261122240000",
        "tenant_42_20261122016000",
        "tenant_42_20261122010060",
        "tenant_42_2026-02-30",
        "tenant_42_2026-00-01",
        "tenant_42_20261122010100-",
        "tenant_42_20261122010100-0",
        "tenant_42_20261122010100-1",
        "tenant_42_20261122010100-02",
        "tenant_42_20261122010100-1000000",
        "tenant_42_20261122010100--2",
        "tenant_42_20261122010100-2-3",
        "tenant_42_20261122010100.tar.gz",
        "tenant_42_20261122010100 ",
        " tenant_42_20261122010100",
        "tenant_42_20261122010100\n",
        "Tenant_42_20261122010100",
        "TENANT_42_20261122010100",
        "backup_42_20261122010100",
        "tenant-42-20261122010100",
        "tenant_4 2_20261122010100",
        "tenant_a/b_20261122010100",
        "tenant_../x_20261122010100",
        "tenant_a\\b_20261122010100",
        "tenant_æ_20261122010100",
        "tenant_a\u0000_20261122010100",
        "tenant_٤٢_20261122010100",
        "tenant_42_٢٠٢٦1122010100",
        "tenant_%_20261122010100",
        "tenant_%4_20261122010100",
        "tenant_%GG_20261122010100",
        "tenant_%2f_20261122010100",
        "tenant_%41_20261122010100",
        "tenant_%5F_20261122010100",
        "tenant_%FF_20261122010100",
        "tenant_%C0%AF_20261122010100",
        "tenant_%C3_20261122010100",
        "tenant_%ED%A0%80_20261122010100",
        "system",
        "system_",
        "system_42_20261122010100",
        "system_20261122010100_",
        "system__20261122010100",
        "safety_20261122010100",
        "tenant_42_20261122010100/../../etc/passwd",
        "../tenant_42_20261122010100"
      })
  void refuses_what_is_no_label(String text) {
    assertThat(Label.tryParse(text)).isEmpty();
    assertThatThrownBy(() -> Label.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("\"" + text)
        .hasMessageContaining("is not a label");
  }

  @Test
  void a_tenant_may_be_called_like_a_part_of_a_label() {
    for (String id :
        List.of(
            "1_20261122010100",
            "20261122010100",
            "2026-11-22",
            "1_2026-11-22-2",
            "system",
            "tenant_1",
            "_",
            "__",
            "-",
            "-2",
            ".",
            "..",
            "a_b",
            "10")) {
      Label label = backup(id);

      assertThat(label.tenant()).as("tenant of %s", label).contains(TenantId.of(id));
      assertThat(Label.parse(label.value()).tenant())
          .as("tenant of %s as it is parsed", label)
          .contains(TenantId.of(id));
      assertThat(Label.parse(label.next().value()).tenant()).contains(TenantId.of(id));
    }
  }

  @Test
  void upper_and_lower_case_are_different_tenants() {
    assertThat(backup("Acme")).isNotEqualTo(backup("acme"));
    assertThat(backup("Acme").value()).isNotEqualTo(backup("acme").value());
  }

  @Test
  void the_next_labels_are_numbered() {
    Label label = backup("1");

    assertThat(Stream.iterate(label, Label::next).limit(11).map(Label::value))
        .startsWith(
            "tenant_1_20261122010100", "tenant_1_20261122010100-2", "tenant_1_20261122010100-3")
        .endsWith("tenant_1_20261122010100-10", "tenant_1_20261122010100-11")
        .allMatch(value -> Label.parse(value).value().equals(value));
  }

  @Test
  void the_numbers_come_to_an_end() {
    Label last = Label.parse("tenant_1_20261122010100-999999");

    assertThatThrownBy(last::next)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(last.value());
  }

  @Test
  void refuses_an_id_that_does_not_fit_into_a_file_name() {
    String longest = "x".repeat(Label.MAX_BASE_LENGTH - "tenant__20261122010100".length());

    assertThat(Label.parse(backup(longest).value()).tenant()).contains(TenantId.of(longest));
    assertThatThrownBy(() -> backup(longest + "x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("194 characters; at most 193")
        .hasMessageEndingWith("Use a shorter tenant id");
    assertThatThrownBy(() -> backup("æ".repeat(30)))
        .as("what counts is the encoded id")
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> backup("x".repeat(1_000_000)))
        .isInstanceOf(IllegalArgumentException.class)
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(250));
  }

  @Test
  void every_label_that_fits_has_a_next_one_that_fits() {
    String longest = "x".repeat(Label.MAX_BASE_LENGTH - "tenant__20261122010100".length());
    Label label = Label.parse(backup(longest).value() + "-999998");

    assertThat(Label.tryParse(label.next().value())).contains(label.next());
    assertThat(label.next().value()).hasSize(Label.MAX_LENGTH);
    assertThat(Label.tryParse("tenant_" + longest + "x_20261122010100")).isEmpty();
    assertThat(Label.tryParse("tenant_" + "x".repeat(100_000) + "_20261122010100")).isEmpty();
  }

  @Test
  void labels_are_ordered_by_their_text() {
    assertThat(
            Stream.of("tenant_2_2026-11-22", "system_2026-11-22", "tenant_10_2026-11-22")
                .map(Label::parse)
                .sorted()
                .map(Label::value))
        .containsExactly("system_2026-11-22", "tenant_10_2026-11-22", "tenant_2_2026-11-22");
  }
}
