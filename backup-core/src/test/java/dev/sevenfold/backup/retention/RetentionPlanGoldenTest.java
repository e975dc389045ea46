package dev.sevenfold.backup.retention;

import static dev.sevenfold.backup.retention.Retainables.lacking;
import static dev.sevenfold.backup.retention.Retainables.pinned;
import static dev.sevenfold.backup.retention.Retainables.safety;
import static dev.sevenfold.backup.retention.Retainables.unverified;
import static dev.sevenfold.backup.retention.Retainables.verified;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What an operator reads before a plan is applied. */
class RetentionPlanGoldenTest {

  @Test
  void reads_like_this() throws IOException {
    RetentionPolicy policy =
        RetentionPolicy.keepLast(3).or(RetentionPolicy.monthly(3, ZoneOffset.UTC));
    List<RetainableArchive> archives =
        List.of(
            verified("2027-06-01T01:00:00Z"),
            unverified("2026-11-22T01:00:00Z"),
            verified("2026-11-21T01:00:00Z"),
            verified("2026-11-20T01:00:00Z"),
            unverified("2026-11-19T13:00:00Z"),
            verified("2026-11-19T01:00:00Z"),
            verified("2026-11-18T01:00:00Z"),
            unverified("2026-11-17T01:00:00Z"),
            pinned("2026-11-16T01:00:00Z"),
            verified("2026-10-30T01:00:00Z"),
            verified("2026-10-29T01:00:00Z"),
            verified("2026-08-15T01:00:00Z"),
            verified("2026-07-15T01:00:00Z"),
            lacking(Lack.SOME, verified("2026-11-21T12:00:00Z")),
            lacking(Lack.MOST, verified("2026-11-22T00:30:00Z")),
            lacking(Lack.MOST, verified("2026-11-15T00:30:00Z")),
            safety("2026-11-21T09:30:00Z"),
            safety("2026-11-20T09:30:00Z"),
            safety("2026-06-03T09:30:00Z"),
            safety("2026-06-02T09:30:00Z"),
            safety("2026-04-01T09:30:00Z"));

    RetentionPlan plan = policy.plan(archives, Instant.parse("2026-11-22T12:00:00Z"));

    assertThat(plan + "\n").isEqualTo(golden("plan.txt"));
  }

  private static String golden(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(RetentionPlanGoldenTest.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }
}
