package dev.sevenfold.backup.age;

import com.exceptionfactory.jagged.FileKey;
import com.exceptionfactory.jagged.RecipientStanza;
import com.exceptionfactory.jagged.RecipientStanzaReader;
import com.exceptionfactory.jagged.framework.stream.StandardDecryptingChannelFactory;
import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.error.ArchiveNotReadable;
import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.tenant.Label;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An archive as it was before it was encrypted. Gives out nothing that is not authentic, and ends
 * only where the archive did: otherwise reading throws {@link ArchiveCorrupt}. A failure of the
 * store stays the {@link IOException} that it is. Use from one thread.
 */
final class DecryptingStream extends InputStream {

  private final Label label;
  private final Source source;
  private final ReadableByteChannel decrypting;
  private @Nullable ArchiveCorrupt corrupt;

  /** Reads the header of {@code in}, which this stream closes in the end. */
  DecryptingStream(Label label, InputStream in, Iterable<RecipientStanzaReader> identities)
      throws IOException {
    this.label = label;
    this.source = new Source(in);
    List<Asked> asked = new ArrayList<>();
    identities.forEach(identity -> asked.add(new Asked(identity)));
    try {
      decrypting =
          new StandardDecryptingChannelFactory()
              .newDecryptingChannel(source, new ArrayList<>(asked));
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      source.throwFailure();
      throw failure(label, asked, e);
    }
  }

  private static BackupException failure(Label label, List<Asked> asked, Exception e) {
    if (e instanceof BackupException known) {
      return known;
    }
    if (asked.stream().anyMatch(identity -> identity.refused)
        && asked.stream().noneMatch(identity -> identity.opened)) {
      return new ArchiveNotReadable(
          "Archive " + label + " cannot be decrypted with the key that is given",
          "Give an identity of one of its recipients, or its passphrase; only if that is given, the"
              + " head of the file is damaged",
          e);
    }
    return new ArchiveCorrupt(
        "The head of the encrypted archive " + label + " is damaged",
        "Use another copy of it, or another archive",
        e);
  }

  /** An identity, and whether it has had a say: a head that is no head is shown to none. */
  private static final class Asked implements RecipientStanzaReader {

    private final RecipientStanzaReader identity;
    private boolean refused;
    private boolean opened;

    Asked(RecipientStanzaReader identity) {
      this.identity = identity;
    }

    @Override
    public FileKey getFileKey(Iterable<RecipientStanza> stanzas) throws GeneralSecurityException {
      refused = true;
      FileKey key = identity.getFileKey(stanzas);
      opened = true;
      return key;
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (corrupt != null) {
      throw corrupt;
    }
    if (length == 0) {
      return 0;
    }
    try {
      int read;
      do {
        read = decrypting.read(ByteBuffer.wrap(bytes, offset, length));
      } while (read == 0);
      return read;
    } catch (IOException | RuntimeException e) {
      source.throwFailure();
      corrupt =
          new ArchiveCorrupt(
              "The encrypted archive " + label + " is damaged or cut",
              "Use another copy of it, or another archive",
              e);
      throw corrupt;
    }
  }

  @Override
  public void close() throws IOException {
    source.close();
  }

  /** The encrypted bytes, and what went wrong with getting at them. */
  private static final class Source implements ReadableByteChannel {

    private final InputStream in;
    private @Nullable IOException failure;
    private boolean open = true;

    Source(InputStream in) {
      this.in = in;
    }

    /** Fills the buffer if there is enough: a chunk that is shorter would be taken for the last. */
    @Override
    public int read(ByteBuffer buffer) throws IOException {
      byte[] bytes;
      try {
        bytes = in.readNBytes(buffer.remaining());
      } catch (IOException e) {
        failure = e;
        throw e;
      }
      if (bytes.length == 0 && buffer.hasRemaining()) {
        return -1;
      }
      buffer.put(bytes);
      return bytes.length;
    }

    void throwFailure() throws IOException {
      if (failure != null) {
        throw failure;
      }
    }

    @Override
    public boolean isOpen() {
      return open;
    }

    @Override
    public void close() throws IOException {
      open = false;
      in.close();
    }
  }
}
