package dev.sevenfold.backup.link;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** An archive as an answer of HTTP, after RFC 9110: conditions first, then ranges. */
final class FileResponse {

  private final LinkedArchive archive;
  private final DownloadRequest request;
  private final String tag;

  FileResponse(LinkedArchive archive, DownloadRequest request) {
    this.archive = archive;
    this.request = request;
    // Strong: an archive of one digest could be stored twice, compressed in different ways.
    this.tag =
        "\"%s-%x-%s\""
            .formatted(
                LinkContent.prefix(archive.digest()),
                archive.sizeBytes(),
                archive.compression().fileSuffix().substring(".tar.".length()));
  }

  DownloadResponse open(LinkedArchives archives) {
    if (request.header("If-Match").filter(tags -> !names(tags)).isPresent()) {
      return empty(412);
    }
    if (request.header("If-None-Match").filter(this::names).isPresent()) {
      return empty(304);
    }
    Optional<ByteRange> range = range();
    if (range.filter(part -> !part.isSatisfiable()).isPresent()) {
      return ArchiveDownload.bare(416, "Content-Range", "bytes */" + archive.sizeBytes());
    }
    return range.isPresent() ? part(archives, range.get()) : whole(archives);
  }

  /** Whether a list of entity tags has this one. A weak tag is not the same, byte by byte. */
  private boolean names(String tags) {
    return tags.trim().equals("*")
        || Arrays.stream(tags.split(",", -1)).anyMatch(one -> one.trim().equals(tag));
  }

  /** The part to send; empty for all of it. */
  private Optional<ByteRange> range() {
    if (!request.isGet()
        || request.header("If-Range").filter(valid -> !valid.trim().equals(tag)).isPresent()) {
      return Optional.empty();
    }
    return request.header("Range").flatMap(range -> ByteRange.parse(range, archive.sizeBytes()));
  }

  private DownloadResponse part(LinkedArchives archives, ByteRange part) {
    Map<String, String> headers = fileHeaders(part.length());
    headers.put(
        "Content-Range",
        "bytes %d-%d/%d".formatted(part.first(), part.last(), archive.sizeBytes()));
    return new DownloadResponse(206, headers, archives.open(archive, part.first()), part.length());
  }

  private DownloadResponse whole(LinkedArchives archives) {
    Map<String, String> headers = fileHeaders(archive.sizeBytes());
    return request.isGet()
        ? new DownloadResponse(200, headers, archives.open(archive, 0), archive.sizeBytes())
        : DownloadResponse.empty(200, headers);
  }

  private DownloadResponse empty(int status) {
    Map<String, String> headers = ArchiveDownload.common();
    headers.put("ETag", tag);
    return DownloadResponse.empty(status, headers);
  }

  private Map<String, String> fileHeaders(long length) {
    Map<String, String> headers = ArchiveDownload.common();
    headers.put("Content-Type", contentType());
    headers.put("Content-Length", Long.toString(length));
    headers.put("Content-Disposition", disposition(archive.fileName()));
    headers.put("Accept-Ranges", "bytes");
    headers.put("ETag", tag);
    return headers;
  }

  private String contentType() {
    return switch (archive.compression()) {
      case GZIP -> "application/gzip";
      case ZSTD -> "application/zstd";
    };
  }

  /**
   * Labels are letters, digits and {@code . _ - %}. Some browsers decode a percent sign in the
   * plain name, so that one has none; the other form names the file exactly.
   */
  private static String disposition(String fileName) {
    String plain = fileName.replace('%', '_');
    String disposition = "attachment; filename=\"" + plain + "\"";
    return plain.equals(fileName)
        ? disposition
        : disposition + "; filename*=UTF-8''" + fileName.replace("%", "%25");
  }
}
