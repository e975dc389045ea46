package dev.sevenfold.backup.sftp;

import java.io.IOException;
import java.nio.file.Path;

/** The contract of stores, against an OpenSSH server that refuses what it can be spared. */
class StingyServerArchiveStoreTest extends OpenSshArchiveStoreTest {

  @Override
  OpenSsh server(Path folder) throws IOException {
    return OpenSsh.start(
        folder,
        "Subsystem sftp internal-sftp -P setstat,fsetstat,posix-rename,fsync,limits,statvfs");
  }
}
