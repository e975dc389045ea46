package dev.sevenfold.backup.cli.config;

import dev.sevenfold.backup.retention.RetentionPolicy;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the whole system is made of, as the key {@code system} says. Immutable.
 *
 * @param databases the databases that are backed up, by name
 * @param rebuilt the databases that are not: removed at a restore, the application rebuilds them
 * @param files the folders that are backed up, by name
 * @param exclude what of these folders is left out: names, or paths below a folder
 * @param mode the permissions of restored database files, in octal
 * @param retention which backups of the system stay; the library decides if empty
 */
public record SystemSettings(
    Map<String, Path> databases,
    Map<String, Path> rebuilt,
    Map<String, Path> files,
    List<String> exclude,
    Optional<String> mode,
    Optional<RetentionPolicy> retention) {

  /** Copies the maps. */
  public SystemSettings {
    // In their order: the folder of the first database is where the others are seen from.
    databases = Collections.unmodifiableMap(new LinkedHashMap<>(databases));
    rebuilt = Collections.unmodifiableMap(new LinkedHashMap<>(rebuilt));
    exclude = List.copyOf(exclude);
    files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
  }

  /** Reads the key {@code system}. */
  static SystemSettings read(YamlValue value, ZoneId zone) {
    YamlMap system = value.map("databases", "rebuilt", "files", "exclude", "mode", "retention");
    SystemSettings settings =
        new SystemSettings(
            paths(system.require("databases")),
            system.get("rebuilt").map(SystemSettings::paths).orElse(Map.of()),
            system.get("files").map(SystemSettings::paths).orElse(Map.of()),
            system.get("exclude").map(YamlValue::texts).orElse(List.of()),
            system.get("mode").map(SystemSettings::mode),
            system.get("retention").map(retention -> RetentionSection.read(retention, zone)));
    if (settings.databases().isEmpty()) {
      throw system.require("databases").wrong("is empty", "Write {primary: app.sqlite3}");
    }
    return settings;
  }

  private static Map<String, Path> paths(YamlValue value) {
    Map<String, Path> paths = new LinkedHashMap<>();
    value
        .entries()
        .forEach(
            (name, path) -> {
              if (!name.matches("[A-Za-z0-9._-]+") || name.startsWith(".")) {
                throw path.wrong(
                    "has the name \"" + name + "\"", "Use letters, digits and . _ - in names");
              }
              paths.put(name, path.path());
            });
    return paths;
  }

  private static String mode(YamlValue value) {
    String mode = value.text();
    if (!mode.matches("0?[0-7]{3}")) {
      throw value.wrong("is " + mode, "Write three octal digits in quotes: \"660\"");
    }
    return mode.substring(mode.length() - 3);
  }
}
