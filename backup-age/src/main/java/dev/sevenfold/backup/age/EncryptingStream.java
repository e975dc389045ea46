package dev.sevenfold.backup.age;

import com.exceptionfactory.jagged.RecipientStanzaWriter;
import com.exceptionfactory.jagged.framework.stream.StandardEncryptingChannelFactory;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.security.GeneralSecurityException;

/**
 * Encrypts what is written to it. Only {@link #finish} makes it a file that can be decrypted:
 * closing does nothing, so that an upload which fails half way does not end in a valid file that is
 * merely shorter. Use from one thread.
 */
final class EncryptingStream extends OutputStream {

  private final OutputStream out;
  private final WritableByteChannel encrypting;

  EncryptingStream(OutputStream out, Iterable<RecipientStanzaWriter> recipients)
      throws IOException {
    this.out = out;
    try {
      encrypting =
          new StandardEncryptingChannelFactory().newEncryptingChannel(new Sink(out), recipients);
    } catch (GeneralSecurityException e) {
      throw new IOException("This Java cannot encrypt for the recipients", e);
    }
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
    while (buffer.hasRemaining()) {
      encrypting.write(buffer);
    }
  }

  /** Flushes the whole chunks; what is less than one waits for the rest. */
  @Override
  public void flush() throws IOException {
    out.flush();
  }

  /** Writes the last chunk, which says that it is the last. */
  void finish() throws IOException {
    encrypting.close();
    out.flush();
  }

  /** Does nothing: only {@link #finish} ends the file. */
  @Override
  public void close() {}

  /**
   * Not {@code Channels.newChannel}, which an interrupt closes.
   *
   * @param out not closed
   */
  private record Sink(OutputStream out) implements WritableByteChannel {
    @Override
    public int write(ByteBuffer buffer) throws IOException {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.get(bytes);
      out.write(bytes);
      return bytes.length;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
