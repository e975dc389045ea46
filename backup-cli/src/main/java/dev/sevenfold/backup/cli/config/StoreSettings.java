package dev.sevenfold.backup.cli.config;

import dev.sevenfold.backup.age.AgeArchiveStore;
import dev.sevenfold.backup.age.AgeArchiveStoreBuilder;
import dev.sevenfold.backup.retention.RetentionPolicy;
import dev.sevenfold.backup.sftp.SftpArchiveStore;
import dev.sevenfold.backup.sftp.SftpArchiveStoreBuilder;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.DirectoryArchiveStore;
import dev.sevenfold.backup.store.FolderArchiveStore;
import dev.sevenfold.backup.store.MirroredArchiveStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Where archives are kept, as the key {@code store} says. Immutable. */
sealed interface StoreSettings {

  /** Opens the store; what replicas keep otherwise is told by {@link #openAll}. */
  ArchiveStore open();

  /** Opens each folder that archives are kept in, here or on another machine, as it is. */
  List<FolderArchiveStore> openFolders();

  /** Whether what is put there cannot be read again for lack of a key. */
  default boolean isWriteOnly() {
    return false;
  }

  /**
   * A key that is missing is a mistake in the config, and not a store that is down. Of the replicas
   * of a mirror this is not asked: one of them must not keep archives from the others.
   */
  default void requireKeys() {}

  private static void requireReadable(YamlValue place, String key, Path file) {
    if (!Files.isReadable(file)) {
      throw place.wrong(
          "names the " + key + " " + file + ", which cannot be read",
          "Check the path and its rights");
    }
  }

  /** The folders of this machine that archives are kept in. */
  default List<Path> folders() {
    return List.of();
  }

  /** The files that hold keys, passwords and passphrases. */
  default List<Path> secretFiles() {
    return List.of();
  }

  /** Opens the store, with the policies of its replicas. */
  default OpenStore openAll() {
    requireKeys();
    return new OpenStore(open(), Map.of());
  }

  /**
   * A folder of this machine.
   *
   * @param folder where it is
   */
  record Directory(Path folder) implements StoreSettings {
    @Override
    public List<Path> folders() {
      return List.of(folder);
    }

    @Override
    public ArchiveStore open() {
      return DirectoryArchiveStore.at(folder);
    }

    @Override
    public List<FolderArchiveStore> openFolders() {
      return List.of(DirectoryArchiveStore.at(folder));
    }
  }

  /**
   * A folder of another machine, reached over SSH.
   *
   * @param place where this is written
   * @param host the machine
   * @param port where its SSH server listens
   * @param user whom to log in as
   * @param path the folder there
   * @param login how to log in
   * @param hostKey the server's key, or its fingerprint; {@code knownHosts} decides if empty
   * @param knownHosts the file with the keys of known machines; {@code ~/.ssh/known_hosts} if empty
   */
  record Sftp(
      YamlValue place,
      String host,
      int port,
      String user,
      String path,
      Login login,
      Optional<String> hostKey,
      Optional<Path> knownHosts)
      implements StoreSettings {
    @Override
    public void requireKeys() {
      login.key().ifPresent(file -> requireReadable(place, "key", file));
    }

    @Override
    public List<Path> secretFiles() {
      return Stream.concat(
              login.key().stream(),
              Stream.of(login.keyPassphrase(), login.password())
                  .flatMap(Optional::stream)
                  .flatMap(secret -> secret.file().stream()))
          .toList();
    }

    @Override
    public List<FolderArchiveStore> openFolders() {
      return List.of(open());
    }

    @Override
    public SftpArchiveStore open() {
      try {
        SftpArchiveStoreBuilder store = SftpArchiveStore.builder(host, user, path).port(port);
        login.addTo(store);
        hostKey.ifPresent(store::hostKey);
        knownHosts.ifPresent(store::knownHosts);
        return store.build();
      } catch (IllegalArgumentException e) {
        throw place.wrong("cannot be used: " + e.getMessage(), "Correct it");
      }
    }
  }

  /**
   * How to log in to another machine: by a key or by a password.
   *
   * @param key the file with the private key
   * @param keyPassphrase what opens it, if it is encrypted
   * @param password what to log in with, if there is no key
   */
  record Login(Optional<Path> key, Optional<Secret> keyPassphrase, Optional<Secret> password) {
    private void addTo(SftpArchiveStoreBuilder store) {
      keyPassphrase.ifPresent(Secret::require);
      password.ifPresent(Secret::require);
      password.ifPresent(secret -> store.password(secret::value));
      key.ifPresent(
          file ->
              keyPassphrase.ifPresentOrElse(
                  secret -> store.privateKey(file, secret::value), () -> store.privateKey(file)));
    }
  }

  /**
   * Another store, with its archives encrypted.
   *
   * @param place where this is written
   * @param inner where they are kept
   * @param recipients the public keys to encrypt for
   * @param identities the files with the keys to decrypt with
   * @param passphrase what to encrypt and decrypt with instead
   */
  record Age(
      YamlValue place,
      StoreSettings inner,
      List<String> recipients,
      List<Path> identities,
      Optional<Secret> passphrase)
      implements StoreSettings {
    @Override
    public boolean isWriteOnly() {
      return identities.isEmpty() && passphrase.isEmpty();
    }

    @Override
    public List<Path> folders() {
      return inner.folders();
    }

    @Override
    public List<FolderArchiveStore> openFolders() {
      return inner.openFolders();
    }

    @Override
    public void requireKeys() {
      identities.forEach(file -> requireReadable(place, "identity", file));
      inner.requireKeys();
    }

    @Override
    public List<Path> secretFiles() {
      return Stream.of(
              inner.secretFiles().stream(),
              identities.stream(),
              passphrase.stream().flatMap(secret -> secret.file().stream()))
          .flatMap(files -> files)
          .toList();
    }

    @Override
    public ArchiveStore open() {
      try {
        AgeArchiveStoreBuilder store = AgeArchiveStore.builder(inner.open());
        recipients.forEach(store::recipient);
        identities.forEach(store::identityFile);
        passphrase.map(Secret::value).ifPresent(store::passphrase);
        return store.build();
      } catch (IllegalArgumentException e) {
        throw place.wrong("cannot be used: " + e.getMessage(), "Correct it");
      }
    }
  }

  /**
   * One replica of a mirror.
   *
   * @param store what is there
   * @param retention which archives stay there, if that is another question than in the others
   */
  record Replica(StoreSettings store, Optional<RetentionPolicy> retention) {}

  /**
   * Several stores, the first one first.
   *
   * @param replicas at least two
   */
  record Mirror(List<Replica> replicas) implements StoreSettings {
    @Override
    public List<Path> folders() {
      return replicas.stream().flatMap(replica -> replica.store().folders().stream()).toList();
    }

    @Override
    public List<Path> secretFiles() {
      return replicas.stream().flatMap(replica -> replica.store().secretFiles().stream()).toList();
    }

    @Override
    public List<FolderArchiveStore> openFolders() {
      return replicas.stream().flatMap(replica -> replica.store().openFolders().stream()).toList();
    }

    @Override
    public ArchiveStore open() {
      return openAll().store();
    }

    @Override
    public OpenStore openAll() {
      List<ArchiveStore> stores = new ArrayList<>();
      Map<ArchiveStore, RetentionPolicy> policies = new LinkedHashMap<>();
      for (Replica replica : replicas) {
        ArchiveStore store = replica.store().open();
        stores.add(store);
        replica.retention().ifPresent(policy -> policies.put(store, policy));
      }
      ArchiveStore[] others = stores.subList(2, stores.size()).toArray(ArchiveStore[]::new);
      return new OpenStore(MirroredArchiveStore.of(stores.get(0), stores.get(1), others), policies);
    }
  }
}
