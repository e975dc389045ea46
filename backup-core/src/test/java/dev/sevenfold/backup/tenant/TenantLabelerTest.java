package dev.sevenfold.backup.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TenantLabelerTest {

  private static final TenantId TENANT = TenantId.of(42);
  private static final Instant LATE = Instant.parse("2026-11-22T23:30:59.999Z");

  private final TenantLabeler utc = TenantLabeler.utc();
  private final TenantLabeler copenhagen = TenantLabeler.in(ZoneId.of("Europe/Copenhagen"));

  @Test
  void names_a_backup_by_its_tenant_and_second() {
    assertThat(utc.backup(TENANT, LATE)).hasToString("tenant_42_20261122233059");
    assertThat(utc.safety(TENANT, LATE)).hasToString("safety_42_20261122233059");
    assertThat(utc.system(LATE)).hasToString("system_20261122233059");
  }

  @Test
  void names_what_was_taken_back_in_by_the_day() {
    assertThat(utc.relabel(TENANT, LATE)).hasToString("tenant_42_2026-11-22");
  }

  @Test
  void shows_the_wall_clock_of_its_zone() {
    assertThat(copenhagen.backup(TENANT, LATE)).hasToString("tenant_42_20261123003059");
    assertThat(copenhagen.relabel(TENANT, LATE)).hasToString("tenant_42_2026-11-23");
    assertThat(copenhagen.system(LATE)).hasToString("system_20261123003059");
  }

  @Test
  void an_hour_that_comes_twice_gives_a_label_twice() {
    Instant first = Instant.parse("2026-10-25T00:30:00Z");
    Instant second = Instant.parse("2026-10-25T01:30:00Z");

    assertThat(copenhagen.backup(TENANT, first)).isEqualTo(copenhagen.backup(TENANT, second));
    assertThat(utc.backup(TENANT, first)).isNotEqualTo(utc.backup(TENANT, second));
  }

  @Test
  void pads_what_is_short() {
    assertThat(utc.backup(TENANT, Instant.parse("0009-01-02T03:04:05Z")))
        .hasToString("tenant_42_00090102030405");
  }

  @Test
  void refuses_a_year_that_has_not_four_digits() {
    for (Instant instant :
        new Instant[] {
          Instant.MAX,
          Instant.MIN,
          Instant.parse("+10000-01-01T00:00:00Z"),
          Instant.parse("-0001-12-31T00:00:00Z")
        }) {
      assertThatThrownBy(() -> utc.backup(TENANT, instant))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("Check the clock");
      assertThatThrownBy(() -> utc.relabel(TENANT, instant))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> utc.system(instant)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void refuses_a_tenant_id_that_no_label_can_hold() {
    assertThatThrownBy(() -> utc.backup(TenantId.of("\uD83D"), LATE))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> TenantId.of("")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void what_it_makes_is_parsed_to_the_same() {
    for (int seed = 0; seed < 5_000; seed++) {
      Random random = new Random(seed);
      TenantId tenant = TenantId.of(Long.toString(random.nextLong(), 36) + "_/-".charAt(seed % 3));
      Instant instant = Instant.ofEpochSecond(random.nextInt(Integer.MAX_VALUE) * 50L);

      for (Label label :
          new Label[] {
            copenhagen.backup(tenant, instant),
            copenhagen.safety(tenant, instant).next(),
            copenhagen.relabel(tenant, instant).next().next()
          }) {
        Label parsed = Label.parse(label.value());
        assertThat(parsed).as("seed %d", seed).isEqualTo(label);
        assertThat(parsed.tenant()).as("seed %d", seed).contains(tenant);
        assertThat(parsed.kind()).as("seed %d", seed).isEqualTo(label.kind());
      }
    }
  }
}
