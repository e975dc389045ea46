package dev.sevenfold.examples.operator.config;

import dev.sevenfold.backup.sftp.SftpArchiveStore;
import dev.sevenfold.backup.sftp.SftpArchiveStoreBuilder;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.DirectoryArchiveStore;
import java.nio.file.Path;
import java.util.Optional;

/** Where archives are kept, as the key {@code store} says. Immutable. */
public sealed interface StoreSettings {

  /** Opens the store. */
  ArchiveStore open();

  /**
   * A folder of this machine.
   *
   * @param folder where it is
   */
  record Directory(Path folder) implements StoreSettings {
    @Override
    public ArchiveStore open() {
      return DirectoryArchiveStore.at(folder);
    }
  }

  /**
   * A folder of another machine, reached over SSH.
   *
   * @param host the machine
   * @param port where its SSH server listens
   * @param user whom to log in as
   * @param path the folder there
   * @param key the file with the private key
   * @param knownHosts the file with the keys of known machines; {@code ~/.ssh/known_hosts} if empty
   */
  record Sftp(String host, int port, String user, String path, Path key, Optional<Path> knownHosts)
      implements StoreSettings {
    @Override
    public ArchiveStore open() {
      try {
        SftpArchiveStoreBuilder store =
            SftpArchiveStore.builder(host, user, path).port(port).privateKey(key);
        knownHosts.ifPresent(store::knownHosts);
        return store.build();
      } catch (IllegalArgumentException e) {
        throw new ConfigException(
            "store.sftp: " + e.getMessage(), "Correct the key store in the config file", e);
      }
    }
  }

  /** Reads the key {@code store}. */
  static StoreSettings read(YamlValue value) {
    YamlMap store = value.map("directory", "sftp");
    if (store.has("directory") == store.has("sftp")) {
      throw value.wrong(
          store.has("sftp") ? "has both directory and sftp" : "names no place",
          "Write one of directory and sftp");
    }
    return store
        .get("directory")
        .map(directory -> (StoreSettings) new Directory(directory.path()))
        .orElseGet(() -> sftp(store.require("sftp")));
  }

  private static Sftp sftp(YamlValue value) {
    YamlMap sftp = value.map("host", "port", "user", "path", "key", "known_hosts");
    return new Sftp(
        sftp.require("host").text(),
        sftp.get("port").map(port -> port.integer(1, 65535)).orElse(22),
        sftp.require("user").text(),
        sftp.require("path").text(),
        sftp.require("key").path(),
        sftp.get("known_hosts").map(YamlValue::path));
  }
}
