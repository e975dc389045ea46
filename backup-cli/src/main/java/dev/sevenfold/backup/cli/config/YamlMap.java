package dev.sevenfold.backup.cli.config;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A mapping of the config file whose keys are all known. Immutable.
 *
 * @param value where it is
 * @param entries what it holds
 */
record YamlMap(YamlValue value, Map<String, YamlValue> entries) {

  Optional<YamlValue> get(String key) {
    return Optional.ofNullable(entries.get(key));
  }

  YamlValue require(String key) {
    @Nullable YamlValue found = entries.get(key);
    if (found == null) {
      throw value.wrong(
          "has no key " + key, "Add " + key + "; there is " + String.join(", ", entries.keySet()));
    }
    return found;
  }

  boolean has(String key) {
    return entries.containsKey(key);
  }
}
