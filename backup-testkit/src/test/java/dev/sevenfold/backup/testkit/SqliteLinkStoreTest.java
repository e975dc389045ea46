package dev.sevenfold.backup.testkit;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.link.LinkStore;
import dev.sevenfold.backup.link.SqliteLinkStore;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteLinkStoreTest implements LinkStoreContract {

  @TempDir Path folder;

  @Override
  public LinkStore newLinkStore() {
    return SqliteLinkStore.open(folder.resolve("links.sqlite3"));
  }

  @Override
  public LinkStore reopen(LinkStore store) {
    return newLinkStore();
  }

  @Test
  void says_where_it_is_when_it_cannot_be_opened() throws Exception {
    Path file = Files.writeString(folder.resolve("other.txt"), "This is no database. ".repeat(200));

    assertThatExceptionOfType(StoreUnavailable.class)
        .isThrownBy(() -> SqliteLinkStore.open(file))
        .withMessageContaining("The links in the SQLite database " + file);
  }
}
