package dev.sevenfold.backup.link;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What to answer: a status, headers, and a body to write. Close it, written or not. Use from one
 * thread.
 *
 * <p>Send {@link #status()} and {@link #headers()} first. {@code Content-Length} is among the
 * headers wherever the response has one; with {@link #hasBody()} it is the length of what {@link
 * #writeTo} writes.
 */
public final class DownloadResponse implements AutoCloseable {

  private static final int BUFFER = 64 << 10;

  private final int status;
  private final Map<String, String> headers;
  private final InputStream body;
  private final long length;

  DownloadResponse(int status, Map<String, String> headers, InputStream body, long length) {
    this.status = status;
    this.headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    this.body = body;
    this.length = length;
  }

  static DownloadResponse empty(int status, Map<String, String> headers) {
    return new DownloadResponse(status, headers, InputStream.nullInputStream(), 0);
  }

  /** The status of HTTP. */
  public int status() {
    return status;
  }

  /** The headers, each once. */
  public Map<String, String> headers() {
    return headers;
  }

  /** Whether there is something to write; a {@code HEAD} has a length and no body. */
  public boolean hasBody() {
    return length > 0;
  }

  /** How many bytes {@link #writeTo} writes. */
  public long bodyLength() {
    return length;
  }

  /**
   * Writes the body, once, and leaves {@code out} open.
   *
   * @throws IOException if the browser went away, or the store failed on the way. Break the
   *     connection off then, so that the browser sees that the file is not whole, and resumes
   */
  public void writeTo(OutputStream out) throws IOException {
    byte[] buffer = new byte[BUFFER];
    long left = length;
    while (left > 0) {
      int read = body.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (read < 0) {
        throw new IOException("The archive ended %d bytes too early".formatted(left));
      }
      out.write(buffer, 0, read);
      left -= read;
    }
  }

  /** Lets the archive go. */
  @Override
  public void close() throws IOException {
    body.close();
  }
}
