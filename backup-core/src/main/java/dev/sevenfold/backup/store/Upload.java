package dev.sevenfold.backup.store;

import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.tenant.Label;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Runs the content of an upload, and tells whose fault a failure is: the store's, which may be
 * tried again, or the content's own. For those who implement an {@link ArchiveStore}.
 */
public final class Upload {

  private Upload() {}

  /**
   * Lets {@code content} write everything to {@code sink}, and flushes it. The sink is neither
   * closed nor written to once this has returned.
   *
   * @return how many bytes were written
   * @throws IOException if the sink failed, even if the content hid that
   * @throws OperationFailed if the content failed with an {@link IOException} of its own
   */
  public static long run(Label label, ArchiveStore.Content content, OutputStream sink)
      throws IOException {
    Guard guard = new Guard(sink);
    try {
      content.writeTo(guard);
      guard.flush(); // throws again what the content may have hidden
    } catch (IOException | RuntimeException e) {
      throw guard.blame(label, e);
    } finally {
      guard.end();
    }
    return guard.count;
  }

  /** Stands between content and sink: remembers the sink's failure, and ends with the content. */
  private static final class Guard extends OutputStream {

    private final OutputStream sink;
    private long count;
    private @Nullable IOException failure;
    // Content that hands the stream to a thread of its own may write when all is over.
    private volatile boolean ended;

    Guard(OutputStream sink) {
      this.sink = Objects.requireNonNull(sink, "sink");
    }

    @Override
    public void write(int b) throws IOException {
      requireSound();
      try {
        sink.write(b);
        count++;
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      requireSound();
      try {
        sink.write(bytes, offset, length);
        count += length;
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }

    @Override
    public void flush() throws IOException {
      requireSound();
      try {
        sink.flush();
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }

    @Override
    public void close() {
      // The sink is the store's to close: compressors that wrap this stream close it when they end.
    }

    void end() {
      ended = true;
    }

    void requireSound() throws IOException {
      if (failure != null) {
        throw failure;
      }
      if (ended) {
        throw new IOException("The upload is over; nothing can be added to it");
      }
    }

    private static String reason(Exception thrown) {
      return thrown instanceof IOException io
          ? Printable.reasonWithFile(io)
          : String.valueOf(thrown.getMessage());
    }

    /** Rethrows what the content threw, or what it comes from. */
    private IOException blame(Label label, Exception thrown) {
      if (failure != null) {
        if (thrown != failure) {
          failure.addSuppressed(thrown);
        }
        return failure;
      }
      if (thrown instanceof RuntimeException unchecked) {
        throw unchecked;
      }
      throw new OperationFailed(
          "The content of archive " + label + " could not be produced: " + reason(thrown),
          "Nothing was published; look at the cause",
          thrown);
    }
  }
}
