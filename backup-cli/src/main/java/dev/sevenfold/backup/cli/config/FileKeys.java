package dev.sevenfold.backup.cli.config;

import java.security.SecureRandom;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * New names for files whose rows are restored into another tenant, so that the two tenants have a
 * file each. Names in the manner of Rails: 28 lower-case letters and digits.
 */
final class FileKeys {

  /** A key has no meaning of its own; other columns may, so those the config has to name. */
  private static final Pattern KEY_AT_THE_END = Pattern.compile(".*\\{((?:\\w+_)?key)}$");

  private static final String LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz";
  private static final int LENGTH = 28;
  private static final SecureRandom RANDOM = new SecureRandom();

  private FileKeys() {}

  /** The column that names the file, if the path ends in it and it is called a key. */
  static Optional<String> keyOf(String path) {
    Matcher matcher = KEY_AT_THE_END.matcher(path);
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  static String random() {
    return RANDOM
        .ints(LENGTH, 0, LETTERS.length())
        .mapToObj(i -> LETTERS.substring(i, i + 1))
        .collect(Collectors.joining());
  }
}
