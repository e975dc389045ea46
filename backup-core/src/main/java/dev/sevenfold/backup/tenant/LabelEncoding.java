package dev.sevenfold.backup.tenant;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.Optional;

/**
 * Percent-encoding of tenant ids, one to one: no two ids share an encoding, nor two encodings an
 * id.
 */
final class LabelEncoding {

  private LabelEncoding() {}

  static String encode(String id) {
    if (!UTF_8.newEncoder().canEncode(id)) {
      throw new IllegalArgumentException(
          "The tenant id \"" + id + "\" is not valid Unicode: it has half a surrogate pair");
    }
    // What forms write as a plus is a space; a star is no part of a file's name everywhere.
    return URLEncoder.encode(id, UTF_8).replace("+", "%20").replace("*", "%2A");
  }

  static Optional<String> decode(String encoded) {
    if (encoded.chars().allMatch(LabelEncoding::standsForItself)) {
      return Optional.of(encoded);
    }
    try {
      String id = URLDecoder.decode(encoded, UTF_8);
      // Only the canonical form is a label: "%41" and "a%2f" have another spelling.
      return encode(id).equals(encoded) ? Optional.of(id) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static boolean standsForItself(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '.'
        || c == '_'
        || c == '-';
  }
}
