package dev.sevenfold.backup.cli.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * Where a secret is: in a file or in the environment, never in the config file itself. It is read
 * anew each time. Immutable.
 */
final class Secret {

  private static final String ADVICE = "Write {file: path} or {env: VARIABLE}";

  private final YamlValue place;

  private Secret(YamlValue place) {
    this.place = place;
  }

  /** Reads {@code {file: path}} or <code>{env: VARIABLE}</code>; looks at neither yet. */
  static Secret read(YamlValue value) {
    if (value.isText()) {
      // Without the text: it is a secret that somebody has put here.
      throw value.wrong("is written out; secrets do not belong into this file", ADVICE);
    }
    YamlMap where = value.map("file", "env");
    if (where.has("file") == where.has("env")) {
      throw value.wrong("names " + (where.has("env") ? "two places" : "no place"), ADVICE);
    }
    where.get("file").ifPresent(YamlValue::path);
    where.get("env").ifPresent(YamlValue::text);
    return new Secret(value);
  }

  /** The file that holds the secret; empty if it is in the environment. */
  Optional<Path> file() {
    return place.map("file", "env").get("file").map(YamlValue::path);
  }

  /**
   * The secret; whoever takes it wipes it.
   *
   * @throws ConfigException if it is not there, or empty
   */
  char[] value() {
    YamlMap where = place.map("file", "env");
    String text =
        where.has("file")
            ? fromFile(where.require("file").path())
            : fromEnvironment(where.require("env").text());
    if (text.isEmpty()) {
      throw place.wrong("leads to an empty text", "Put the secret there");
    }
    return text.toCharArray();
  }

  /**
   * Looks whether the secret is there, for those who take it only when they need it.
   *
   * @throws ConfigException if it is not there, or empty
   */
  void require() {
    Arrays.fill(value(), '\0');
  }

  private String fromEnvironment(String variable) {
    String text = System.getenv(variable);
    if (text == null) {
      throw place.wrong(
          "names the environment variable " + variable + ", which is not set",
          "Set it for this process, or name another one");
    }
    return text;
  }

  /** Without the end of its line, which editors add. */
  private String fromFile(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8).replaceFirst("\\R$", "");
    } catch (IOException e) {
      throw place.wrong(
          "names the file " + file + ", which cannot be read", "Check the path and its rights");
    }
  }
}
