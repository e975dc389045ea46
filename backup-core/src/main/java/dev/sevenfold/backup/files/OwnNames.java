package dev.sevenfold.backup.files;

import dev.sevenfold.backup.io.Sha256;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;

/** Names of our own files beside a host's, which fit whatever the host's name is. */
public final class OwnNames {

  /** What a name may have, in bytes, on the file systems that there are. */
  private static final int LONGEST = 255;

  private static final int DIGEST = 8;

  private OwnNames() {}

  /**
   * What the name of a file of ours begins with, for one of the host's: that one's name, as long as
   * there is room behind it, and else one made of it.
   *
   * @param rest how many bytes follow, at most
   */
  public static String beside(Path file, int rest) {
    String name = String.valueOf(file.getFileName());
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    if (bytes.length + rest <= LONGEST) {
      return name;
    }
    return ".sevenfold-" + HexFormat.of().formatHex(Sha256.digest().digest(bytes), 0, DIGEST);
  }
}
