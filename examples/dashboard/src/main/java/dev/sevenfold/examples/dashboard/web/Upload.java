package dev.sevenfold.examples.dashboard.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.fileupload2.core.AbstractFileUpload;
import org.apache.commons.fileupload2.core.DiskFileItem;
import org.apache.commons.fileupload2.core.DiskFileItemFactory;
import org.apache.commons.fileupload2.core.FileItemInput;
import org.apache.commons.fileupload2.core.FileItemInputIterator;
import org.apache.commons.fileupload2.core.FileUploadException;
import org.apache.commons.fileupload2.core.RequestContext;

/**
 * A form with a file, which goes to the disk as it comes in. The fields before the file are read
 * first, and the file is not touched until they are found right. Use from one thread.
 */
public final class Upload {

  private static final int LARGEST_FIELD = 4 << 10;
  private static final int MOST_PARTS = 8;

  private final Request request;
  private final long largest;

  /**
   * What a request brings.
   *
   * @param largest how many bytes the file may have
   */
  public Upload(Request request, long largest) {
    this.request = request;
    this.largest = largest;
  }

  /** Looks at the fields that came before the file, and throws if it must not be taken. */
  @FunctionalInterface
  public interface Check {
    /** Throws if something is wrong. */
    void accept(Map<String, String> fields);
  }

  /**
   * Stores the file.
   *
   * @param check is called with the fields before the first byte of the file is read
   * @param target is written, anew
   */
  public void store(Check check, Path target) throws IOException {
    try {
      FileItemInputIterator parts = new Parts().getItemIterator(request);
      Map<String, String> fields = new HashMap<>();
      while (parts.hasNext() && fields.size() < MOST_PARTS) {
        FileItemInput part = parts.next();
        if (part.isFormField()) {
          fields.put(part.getFieldName(), text(part));
        } else {
          check.accept(fields);
          copy(part, target);
          return;
        }
      }
      check.accept(fields);
    } catch (FileUploadException e) {
      throw new HttpError(400, "That was no upload", "Choose a file, and send the form again.");
    }
    throw noFile();
  }

  private static HttpError noFile() {
    return new HttpError(400, "No file was chosen", "Go back, and choose the archive's file.");
  }

  private static String text(FileItemInput part) throws IOException {
    try (InputStream in = part.getInputStream()) {
      return new String(in.readNBytes(LARGEST_FIELD), StandardCharsets.UTF_8);
    }
  }

  private void copy(FileItemInput part, Path target) throws IOException {
    byte[] buffer = new byte[64 << 10];
    long size = 0;
    try (InputStream in = part.getInputStream();
        OutputStream out = Files.newOutputStream(target)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        size += read;
        if (size > largest) {
          throw tooLarge(in, buffer);
        }
        out.write(buffer, 0, read);
      }
    }
    if (size == 0) {
      throw noFile();
    }
  }

  private HttpError tooLarge(InputStream in, byte[] buffer) throws IOException {
    // A browser shows no answer while it still sends; hear it out, within reason.
    long left = largest;
    while (left > 0) {
      int read = in.read(buffer);
      left = read < 0 ? 0 : left - read;
    }
    return new HttpError(
        413,
        "The file is too large",
        "An archive may have up to %d MB here. Nothing was taken in.".formatted(largest >> 20));
  }

  /** The library's reader of parts; its own front ends are for servlets. */
  private static final class Parts
      extends AbstractFileUpload<Request, DiskFileItem, DiskFileItemFactory> {

    @Override
    public FileItemInputIterator getItemIterator(Request request) throws IOException {
      return getItemIterator(new Context(request));
    }

    @Override
    public Map<String, List<DiskFileItem>> parseParameterMap(Request request)
        throws FileUploadException {
      return parseParameterMap(new Context(request));
    }

    @Override
    public List<DiskFileItem> parseRequest(Request request) throws FileUploadException {
      return parseRequest(new Context(request));
    }
  }

  /** A request, as the library wants to see it. */
  private record Context(Request request) implements RequestContext {

    @Override
    public String getCharacterEncoding() {
      return StandardCharsets.UTF_8.name();
    }

    @Override
    public long getContentLength() {
      // The server has checked it, or the body is chunked.
      return request.header("Content-Length").map(Long::parseLong).orElse(-1L);
    }

    @Override
    public String getContentType() {
      return request.header("Content-Type").orElse("");
    }

    @Override
    public InputStream getInputStream() {
      return request.body();
    }

    @Override
    public boolean isMultipartRelated() {
      return false;
    }
  }
}
