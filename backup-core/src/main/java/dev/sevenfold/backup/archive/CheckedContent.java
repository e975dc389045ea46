package dev.sevenfold.backup.archive;

import dev.sevenfold.backup.archive.ArchiveManifest.Entry;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.io.Interrupts;
import dev.sevenfold.backup.io.Quoted;
import dev.sevenfold.backup.io.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/**
 * An entry's content on its way into an archive, checked against what the manifest already said of
 * it. Fails with {@link OperationFailed} alone, so that whoever reads from here and writes there
 * knows which of the two has failed. Use from one thread.
 */
final class CheckedContent implements AutoCloseable {

  private final Entry entry;
  private final InputStream in;
  private final MessageDigest sha256 = Sha256.digest();
  private long bytesRead;

  CheckedContent(Entry entry, EntryContents contents) {
    this.entry = entry;
    try {
      in = contents.open(entry.name());
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  long bytesRead() {
    return bytesRead;
  }

  /** Reads the next bytes; -1 at the end, once everything has turned out as expected. */
  int read(byte[] buffer) {
    Interrupts.check("Writing the archive");
    try {
      // One byte more than is left: content that has grown must not go on for ever.
      long wanted = Math.min(buffer.length - 1, entry.size() - bytesRead) + 1;
      int n = in.read(buffer, 0, (int) wanted);
      if (n < 0) {
        requireAsDeclared();
        return n;
      }
      bytesRead += n;
      if (bytesRead > entry.size()) {
        throw changed("more than " + entry.size() + " bytes");
      }
      sha256.update(buffer, 0, n);
      return n;
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private void requireAsDeclared() {
    String digest = Sha256.hex(sha256.digest());
    if (bytesRead != entry.size() || !digest.equals(entry.sha256())) {
      throw changed(bytesRead + " bytes with the SHA-256 " + digest);
    }
  }

  private OperationFailed changed(String now) {
    return new OperationFailed(
        "The entry %s changed while it was being archived: it had %d bytes with the SHA-256 %s and now has %s"
            .formatted(Quoted.text(entry.name()), entry.size(), entry.sha256(), now),
        "Start the backup again");
  }

  private OperationFailed unreadable(IOException cause) {
    return new OperationFailed(
        "The entry %s cannot be read while it is being archived: %s"
            .formatted(Quoted.text(entry.name()), Printable.reasonWithFile(cause)),
        "Make the file readable and start the backup again",
        cause);
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }
}
