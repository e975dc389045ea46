package dev.sevenfold.backup.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.source.OwnPlace;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class KeyPlaceTest {

  @Test
  void tells_where_its_key_is_and_claims_no_folder_of_this_machine() {
    Path key = Path.of("id_ed25519").toAbsolutePath();
    try (SftpArchiveStore store =
        SftpArchiveStore.builder("127.0.0.1", "app", "/srv/backups").privateKey(key).build()) {
      assertThat(store.ownPlaces()).extracting(OwnPlace::toString).containsExactly("a key " + key);
    }
    try (SftpArchiveStore store =
        SftpArchiveStore.builder("127.0.0.1", "app", "/srv/backups")
            .password(() -> "x".toCharArray())
            .build()) {
      assertThat(store.ownPlaces()).isEmpty();
    }
  }
}
