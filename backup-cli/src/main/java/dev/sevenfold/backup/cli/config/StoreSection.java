package dev.sevenfold.backup.cli.config;

import dev.sevenfold.backup.cli.config.StoreSettings.Replica;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/** Reads the key {@code store}. */
final class StoreSection {

  private StoreSection() {}

  static StoreSettings read(YamlValue value, ZoneId zone) {
    YamlMap store = value.map("directory", "sftp", "mirror", "age");
    if (!store.has("mirror")) {
      return one(value, store);
    }
    if (store.entries().size() > 1) {
      throw value.wrong(
          "has mirror and something else", "Write directory, sftp and age into each replica of it");
    }
    List<YamlValue> replicas = store.require("mirror").list();
    if (replicas.size() < 2) {
      throw store
          .require("mirror")
          .wrong("has fewer than two replicas", "Write [{directory: backups}, {sftp: {…}}]");
    }
    return mirror(
        store.require("mirror"), replicas.stream().map(each -> replica(each, zone)).toList());
  }

  /** What a replica has pruned is listed from another one, which has to be read for that. */
  private static StoreSettings mirror(YamlValue value, List<Replica> replicas) {
    boolean differ = replicas.stream().anyMatch(replica -> replica.retention().isPresent());
    if (differ && replicas.stream().anyMatch(replica -> replica.store().isWriteOnly())) {
      throw value.wrong(
          "has a retention for a replica, and a replica that cannot be decrypted",
          "Add identity to the age of that replica, or leave the retention of replicas out");
    }
    return new StoreSettings.Mirror(replicas);
  }

  private static Replica replica(YamlValue value, ZoneId zone) {
    YamlMap replica = value.map("directory", "sftp", "age", "retention");
    return new Replica(
        one(value, replica),
        replica.get("retention").map(retention -> RetentionSection.read(retention, zone)));
  }

  private static StoreSettings one(YamlValue value, YamlMap store) {
    if (store.has("directory") == store.has("sftp")) {
      throw value.wrong(
          store.has("sftp") ? "has both directory and sftp" : "names no place",
          "Write one of directory and sftp, or a mirror of several");
    }
    StoreSettings inner =
        store
            .get("directory")
            .map(directory -> (StoreSettings) new StoreSettings.Directory(directory.path()))
            .orElseGet(() -> sftp(store.require("sftp")));
    return store.get("age").map(age -> age(age, inner)).orElse(inner);
  }

  private static StoreSettings sftp(YamlValue value) {
    YamlMap sftp =
        value.map(
            "host",
            "port",
            "user",
            "path",
            "key",
            "key_passphrase",
            "password",
            "known_hosts",
            "host_key");
    if (sftp.has("host_key") && sftp.has("known_hosts")) {
      throw value.wrong("has both host_key and known_hosts", "Write one of the two");
    }
    return new StoreSettings.Sftp(
        value,
        sftp.require("host").text(),
        sftp.get("port").map(port -> port.integer(1, 65535)).orElse(22),
        sftp.require("user").text(),
        sftp.require("path").text(),
        login(value, sftp),
        sftp.get("host_key").map(YamlValue::text),
        sftp.get("known_hosts").map(YamlValue::path));
  }

  private static StoreSettings.Login login(YamlValue value, YamlMap sftp) {
    if (sftp.has("password") && (sftp.has("key") || sftp.has("key_passphrase"))) {
      throw value.wrong("has both a key and a password", "Write one of the two");
    }
    Optional<Secret> password = sftp.get("password").map(Secret::read);
    return new StoreSettings.Login(
        password.isPresent() ? Optional.empty() : Optional.of(sftp.require("key").path()),
        sftp.get("key_passphrase").map(Secret::read),
        password);
  }

  private static StoreSettings age(YamlValue value, StoreSettings inner) {
    YamlMap age = value.map("recipients", "identity", "passphrase");
    if (age.has("passphrase") == age.has("recipients")) {
      if (age.has("passphrase")) {
        throw value.wrong("has both recipients and a passphrase", "Write one of the two");
      }
      if (!age.has("identity")) {
        throw value.wrong("names no key", "Write recipients and identity, or a passphrase");
      }
    }
    return new StoreSettings.Age(
        value,
        inner,
        age.get("recipients").map(one -> one.oneOrMore(YamlValue::text)).orElse(List.of()),
        age.get("identity").map(one -> one.oneOrMore(YamlValue::path)).orElse(List.of()),
        age.get("passphrase").map(Secret::read));
  }
}
