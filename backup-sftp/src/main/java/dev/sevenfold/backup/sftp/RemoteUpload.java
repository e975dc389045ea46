package dev.sevenfold.backup.sftp;

import dev.sevenfold.backup.store.Folder;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import org.apache.sshd.sftp.client.SftpClient.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A new file on the server, written over a session of its own. Its connection is not made good: the
 * content is there only once. Use from one thread.
 */
final class RemoteUpload implements Folder.NewFile {

  private static final Logger LOG = LoggerFactory.getLogger(RemoteUpload.class);

  private final Sftp sftp;
  private final RemoteFolder folder;
  private final String name;
  private final Handle handle;
  private final RemoteWriter writer;
  private final Instant createdAt;
  private final Runnable ended;
  private boolean open = true;

  /**
   * @param sftp its own session
   * @param handle the open file
   * @param ended is told when it is closed
   */
  RemoteUpload(Sftp sftp, RemoteFolder folder, String name, Handle handle, Runnable ended)
      throws IOException {
    this.sftp = sftp;
    this.folder = folder;
    this.name = name;
    this.handle = handle;
    this.writer = new RemoteWriter(sftp, handle);
    this.createdAt =
        folder.look(sftp, name).map(file -> file.entry().modified()).orElse(Instant.EPOCH);
    this.ended = ended;
  }

  @Override
  public Instant createdAt() {
    return createdAt;
  }

  @Override
  public OutputStream content() {
    return writer;
  }

  @Override
  public long finish() throws IOException {
    writer.finish();
    sftp.sync(handle);
    open = false;
    sftp.close(handle);
    return folder.look(sftp, name).map(RemoteFile::size).orElse(-1L);
  }

  /** A file that is open keeps its space even when it is removed, and the next upload needs it. */
  @Override
  public void close() {
    try {
      if (open && sftp.isOpen()) {
        open = false;
        sftp.close(handle);
      }
    } catch (IOException e) {
      LOG.debug("{} could not be closed", folder.path(name), e);
    } finally {
      sftp.close();
      ended.run();
    }
  }
}
