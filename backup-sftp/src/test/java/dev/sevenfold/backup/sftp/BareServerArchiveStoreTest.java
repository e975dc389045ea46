package dev.sevenfold.backup.sftp;

import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.testkit.ArchiveStoreContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.apache.sshd.sftp.server.SftpFileSystemAccessor;
import org.apache.sshd.sftp.server.SftpSubsystemProxy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The contract of stores, against a server that knows none of OpenSSH's extensions. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BareServerArchiveStoreTest implements ArchiveStoreContract {

  @TempDir static Path temp;

  private final IdentityHashMap<ArchiveStore, Path> folders = new IdentityHashMap<>();
  private final List<ArchiveStore> views = new ArrayList<>();
  private MinaServer server;

  @BeforeAll
  void startServer() throws IOException {
    server = MinaServer.in(temp).withoutExtensions().accessing(new NoLinks()).start();
  }

  @AfterAll
  void stopServer() throws IOException {
    server.close();
  }

  @AfterEach
  void closeViews() {
    views.forEach(ArchiveStore::close);
    views.clear();
  }

  @Override
  public ArchiveStore newStore() throws Exception {
    Path folder = temp.resolve("backups-" + folders.size());
    ArchiveStore store = server.store(folder).password(MinaServer.PASSWORD::toCharArray).build();
    folders.put(store, folder);
    return store;
  }

  @Override
  public ArchiveStore reopen(ArchiveStore store) throws Exception {
    ArchiveStore view =
        server
            .store(folders.getOrDefault(store, temp))
            .password(MinaServer.PASSWORD::toCharArray)
            .build();
    views.add(view);
    return view;
  }

  /** The store must not so much as ask for a link. */
  private static final class NoLinks implements SftpFileSystemAccessor {

    @Override
    public void createLink(
        SftpSubsystemProxy subsystem, Path link, Path existing, boolean symbolic) {
      throw new UnsupportedOperationException("This server has no links: " + link);
    }
  }
}
