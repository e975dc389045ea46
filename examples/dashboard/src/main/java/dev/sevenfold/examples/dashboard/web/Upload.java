package dev.sevenfold.examples.dashboard.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.fileupload.FileItemIterator;
import org.apache.commons.fileupload.FileItemStream;
import org.apache.commons.fileupload.FileUpload;
import org.apache.commons.fileupload.FileUploadException;
import org.apache.commons.fileupload.RequestContext;

/**
 * A form with a file. The fields before the file are read first; the file waits in the connection
 * until they are found right. Use from one thread.
 */
final class Upload {

  private static final int LARGEST_FIELD = 4 << 10;
  private static final int LARGEST_HEADERS = 4 << 10;
  private static final int MOST_FIELDS = 8;

  private final Map<String, String> fields;
  private final Optional<FileItemStream> file;

  private Upload(Map<String, String> fields, Optional<FileItemStream> file) {
    this.fields = fields;
    this.file = file;
  }

  /** Reads a request up to its file. */
  static Upload of(Request request) throws IOException {
    FileUpload reader = new FileUpload();
    reader.setPartHeaderSizeMax(LARGEST_HEADERS);
    try {
      FileItemIterator parts = reader.getItemIterator(new Context(request));
      Map<String, String> fields = new HashMap<>();
      while (parts.hasNext() && fields.size() < MOST_FIELDS) {
        FileItemStream part = parts.next();
        if (!part.isFormField()) {
          return new Upload(fields, Optional.of(part));
        }
        fields.put(part.getFieldName(), text(part));
      }
      return new Upload(fields, Optional.empty());
    } catch (FileUploadException e) {
      throw new HttpError(400, "That was no upload", "Choose a file, and send the form again.");
    }
  }

  private static String text(FileItemStream part) throws IOException {
    try (InputStream in = part.openStream()) {
      return new String(in.readNBytes(LARGEST_FIELD), StandardCharsets.UTF_8);
    }
  }

  /** The fields before the file. */
  Map<String, String> fields() {
    return fields;
  }

  /**
   * The file, as it comes in.
   *
   * @param most how many bytes are heard out when it is closed
   */
  InputStream open(long most) throws IOException {
    PushbackInputStream in =
        new PushbackInputStream(file.orElseThrow(Upload::noFile).openStream()) {
          @Override
          public synchronized void close() throws IOException {
            hearOut(this, most);
            super.close();
          }
        };
    int first = in.read();
    if (first < 0) {
      throw noFile();
    }
    in.unread(first);
    return in;
  }

  private static HttpError noFile() {
    return new HttpError(400, "No file was chosen", "Go back, and choose the archive's file.");
  }

  /** A browser shows no answer while it still sends; hear it out, within reason. */
  private static void hearOut(InputStream in, long most) throws IOException {
    byte[] buffer = new byte[64 << 10];
    long left = most;
    while (left > 0) {
      int read = in.read(buffer);
      left = read < 0 ? 0 : left - read;
    }
  }

  /** A request, as the library wants to see it. */
  private record Context(Request request) implements RequestContext {

    @Override
    public String getCharacterEncoding() {
      return StandardCharsets.UTF_8.name();
    }

    @Override
    @SuppressWarnings("deprecation") // the interface asks for it
    public int getContentLength() {
      return -1; // unknown: the file is counted while it comes in
    }

    @Override
    public String getContentType() {
      return request.header("Content-Type").orElse("");
    }

    @Override
    public InputStream getInputStream() {
      return request.body();
    }
  }
}
