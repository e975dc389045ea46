package dev.sevenfold.backup.sftp;

import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.Upload;
import dev.sevenfold.backup.tenant.Label;
import java.io.IOException;
import java.util.Optional;
import org.apache.sshd.sftp.client.SftpClient.Handle;

/**
 * Brings one new archive into the folder: written under a temporary name, synced, then named. Until
 * the first byte of the content and from the last one on, a lost connection is made good; in
 * between it is not, as the content is there only once. Use from one thread, once.
 */
final class Publication {

  /**
   * An upload that has begun.
   *
   * @param sftp its own session
   * @param name the temporary name
   * @param handle the open file
   */
  private record Begun(Sftp sftp, String name, Handle handle) {}

  private final SftpParts parts;
  private final Label label;
  private boolean namingSent;

  Publication(SftpParts parts, Label label) {
    this.parts = parts;
    this.label = label;
  }

  /**
   * Publishes the content; gives its size.
   *
   * @throws java.nio.file.FileAlreadyExistsException if the label is in use
   */
  long run(ArchiveStore.Content content) throws IOException {
    Begun upload = parts.retries().run(this::begin);
    try {
      String suffix;
      long size;
      try (Sftp sftp = upload.sftp) {
        RemoteWriter writer = new RemoteWriter(sftp, upload.handle);
        size = write(upload, content, writer);
        suffix = ArchiveFileName.suffixFor(writer.head());
        complete(upload, size);
      }
      name(upload.name, label.value() + suffix, size);
      return size;
    } catch (RequestRefused e) {
      // Before the upload is removed, and there is room again.
      throw e.isTelling() ? e : parts.whenFull(e);
    } finally {
      parts.leftovers().discard(upload.name);
    }
  }

  private Begun begin(Sftp shared) throws IOException {
    parts.folder().ensureExists(shared);
    parts.requireFree(shared, label);
    String name = parts.folder().newTemporary();
    Sftp sftp = parts.connections().forUpload();
    try {
      Handle handle = parts.folder().create(sftp, name);
      Optional<RemoteFile> created = parts.folder().look(sftp, name);
      created.ifPresent(file -> parts.leftovers().sweep(shared, file.modifiedSeconds()));
      return new Begun(sftp, name, handle);
    } catch (IOException | RuntimeException e) {
      sftp.close();
      parts.leftovers().discard(name);
      throw e;
    }
  }

  private long write(Begun upload, ArchiveStore.Content content, RemoteWriter writer)
      throws IOException {
    try {
      long size = Upload.run(label, content, writer);
      writer.finish();
      return size;
    } catch (RequestRefused e) {
      closeRefused(upload, e);
      throw e;
    }
  }

  /** A file that is open keeps its space even when it is removed, and the next upload needs it. */
  private static void closeRefused(Begun upload, RequestRefused refused) {
    try {
      upload.sftp.close(upload.handle);
    } catch (IOException e) {
      refused.addSuppressed(e);
    }
  }

  private void complete(Begun upload, long size) throws IOException {
    upload.sftp.sync(upload.handle);
    upload.sftp.close(upload.handle);
    long arrived = parts.folder().look(upload.sftp, upload.name).map(RemoteFile::size).orElse(-1L);
    if (arrived != size) {
      throw new IOException(arrived + " bytes arrived of " + size);
    }
  }

  private void name(String upload, String file, long size) throws IOException {
    try (LabelClaim claim = parts.claim(label)) {
      parts
          .retries()
          .run(
              sftp -> {
                claim.take(sftp);
                if (!isNamedAlready(sftp, file, size)) {
                  parts.requireFree(sftp, label);
                  parts.marks().delete(sftp, label); // of an archive somebody removed by hand
                  namingSent = true;
                  parts.folder().nameExclusively(sftp, upload, file);
                }
                syncOrTakeBack(sftp, file);
                return file;
              });
    }
  }

  /** Under the claim, the name can only be taken by an earlier attempt whose answer got lost. */
  private boolean isNamedAlready(Sftp sftp, String file, long size) throws IOException {
    return namingSent
        && parts.folder().look(sftp, file).filter(found -> found.size() == size).isPresent();
  }

  private void syncOrTakeBack(Sftp sftp, String file) throws IOException {
    try {
      parts.folder().sync(sftp, file);
    } catch (RequestRefused e) {
      parts.folder().remove(sftp, file); // a failed publish leaves nothing that is listed
      throw e;
    }
  }
}
