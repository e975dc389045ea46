package dev.sevenfold.backup.tenant;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Percent-encoding of tenant ids, one to one: no two ids share an encoding, nor two encodings an
 * id.
 */
final class LabelEncoding {

  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private LabelEncoding() {}

  static String encode(String id) {
    ByteBuffer bytes;
    try {
      bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(id));
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          "The tenant id \"" + id + "\" is not valid Unicode: it has half a surrogate pair", e);
    }
    StringBuilder encoded = new StringBuilder();
    while (bytes.hasRemaining()) {
      byte b = bytes.get();
      if (isPlain(b)) {
        encoded.append((char) b);
      } else {
        encoded.append('%').append(HEX.toHexDigits(b));
      }
    }
    return encoded.toString();
  }

  static Optional<String> decode(String encoded) {
    ByteBuffer bytes = ByteBuffer.allocate(encoded.length());
    for (int i = 0; i < encoded.length(); i++) {
      char c = encoded.charAt(i);
      if (c != '%') {
        bytes.put((byte) c);
      } else if (i + 2 < encoded.length()
          && HexFormat.isHexDigit(encoded.charAt(i + 1))
          && HexFormat.isHexDigit(encoded.charAt(i + 2))) {
        bytes.put((byte) HexFormat.fromHexDigits(encoded, i + 1, i + 3));
        i += 2;
      } else {
        return Optional.empty();
      }
    }
    try {
      String id = StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
      // Only the canonical form is a label: "%41" and "a%2f" have another spelling.
      return encode(id).equals(encoded) ? Optional.of(id) : Optional.empty();
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static boolean isPlain(byte b) {
    return (b >= 'a' && b <= 'z')
        || (b >= 'A' && b <= 'Z')
        || (b >= '0' && b <= '9')
        || b == '.'
        || b == '_'
        || b == '-';
  }
}
