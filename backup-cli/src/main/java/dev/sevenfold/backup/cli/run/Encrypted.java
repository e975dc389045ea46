package dev.sevenfold.backup.cli.run;

import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.error.RestoreRefused;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Files that were taken out of a store as they are, and not by {@code archive get}. */
public final class Encrypted {

  private static final String AGE = "age-encryption.org/";

  private Encrypted() {}

  /**
   * Refuses a file that is encrypted with age: to call it no archive would be true, and no help.
   *
   * @throws RestoreRefused if it is
   */
  public static void refuse(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      if (new String(in.readNBytes(AGE.length()), StandardCharsets.ISO_8859_1).equals(AGE)) {
        throw new RestoreRefused(
            file + " is encrypted with age",
            List.of(),
            "Decrypt it first, by archive get, or: age --decrypt --identity KEY --output OUT "
                + file);
      }
    } catch (IOException e) {
      throw new OperationFailed(
          "The file " + file + " could not be read: " + Printable.reason(e),
          "Check its permissions",
          e);
    }
  }
}
