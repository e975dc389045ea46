package dev.sevenfold.backup.sftp;

import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.testkit.ArchiveStoreContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The contract of stores, against a real OpenSSH server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenSshArchiveStoreTest implements ArchiveStoreContract {

  @TempDir static Path temp;

  private final IdentityHashMap<ArchiveStore, Path> folders = new IdentityHashMap<>();
  private final List<ArchiveStore> views = new ArrayList<>();
  private OpenSsh server;

  @BeforeAll
  void startServer() throws IOException {
    server = server(temp.resolve("server"));
  }

  /** Starts the server, in this folder. */
  OpenSsh server(Path folder) throws IOException {
    return OpenSsh.start(folder);
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
    ArchiveStore store = server.store(folder).build();
    folders.put(store, folder);
    return store;
  }

  @Override
  public ArchiveStore reopen(ArchiveStore store) throws Exception {
    ArchiveStore view = server.store(folders.getOrDefault(store, temp)).build();
    views.add(view);
    return view;
  }
}
