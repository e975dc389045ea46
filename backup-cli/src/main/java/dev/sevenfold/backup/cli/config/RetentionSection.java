package dev.sevenfold.backup.cli.config;

import dev.sevenfold.backup.retention.RetentionPolicy;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** Reads the key {@code retention}; an archive stays if any of its rules keeps it. */
final class RetentionSection {

  private static final int MOST = 100_000;

  private RetentionSection() {}

  static RetentionPolicy read(YamlValue value, ZoneId zone) {
    YamlMap rules = value.map("keep_last", "keep_within", "daily", "weekly", "monthly", "yearly");
    List<RetentionPolicy> policies = new ArrayList<>();
    add(policies, rules, "keep_last", RetentionPolicy::keepLast);
    rules
        .get("keep_within")
        .map(Durations::read)
        .map(RetentionPolicy::keepWithin)
        .ifPresent(policies::add);
    add(policies, rules, "daily", count -> RetentionPolicy.daily(count, zone));
    add(policies, rules, "weekly", count -> RetentionPolicy.weekly(count, zone));
    add(policies, rules, "monthly", count -> RetentionPolicy.monthly(count, zone));
    add(policies, rules, "yearly", count -> RetentionPolicy.yearly(count, zone));
    return policies.stream()
        .reduce(RetentionPolicy::or)
        .orElseThrow(() -> value.wrong("keeps nothing", "Write {keep_last: 7}"));
  }

  private static void add(
      List<RetentionPolicy> policies,
      YamlMap rules,
      String key,
      IntFunction<RetentionPolicy> policy) {
    rules.get(key).ifPresent(count -> policies.add(policy.apply(count.integer(1, MOST))));
  }
}
