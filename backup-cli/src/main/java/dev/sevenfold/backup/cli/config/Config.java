package dev.sevenfold.backup.cli.config;

import dev.sevenfold.backup.archive.Compression;
import dev.sevenfold.backup.retention.RetentionPolicy;
import dev.sevenfold.backup.source.OwnPlace;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.DirectoryArchiveStore;
import dev.sevenfold.backup.store.FolderArchiveStore;
import dev.sevenfold.backup.tenant.TenantModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/**
 * What the config file says. A section that only some commands need is empty if it is not there,
 * and required when such a command runs. Immutable.
 *
 * @param file where it was read from
 * @param database the shared database
 * @param tenants who owns which table
 * @param system what the whole system is made of
 * @param store where archives are kept
 * @param retention which archives stay
 * @param zone where the dates in labels, and the days of retention, are from
 * @param scratch where to unpack and compare; the system's temporary folder if empty
 * @param busyTimeout how long to wait for a locked database
 * @param compression how archives are compressed
 * @param extensions SQLite extensions that the schema needs
 * @param jobs where schedules are kept and how they are run
 * @param signing what archives are signed with
 */
public record Config(
    Path file,
    Optional<Path> database,
    Optional<TenantModel> tenants,
    Optional<SystemSettings> system,
    StoreSettings store,
    RetentionPolicy retention,
    ZoneId zone,
    Optional<Path> scratch,
    Duration busyTimeout,
    Compression compression,
    List<Path> extensions,
    JobSettings jobs,
    SigningSettings signing) {

  /** Copies the list. */
  public Config {
    extensions = List.copyOf(extensions);
  }

  /**
   * Reads a config file.
   *
   * @throws ConfigException if anything in it is not understood
   */
  public static Config read(Path file) {
    return read(file, (root, zone) -> StoreSection.read(root.require("store"), zone));
  }

  /**
   * As {@link #read}, for a command that opens no store: the file need not say where it is.
   *
   * @throws ConfigException if anything in it is not understood
   */
  public static Config readWithoutStore(Path file) {
    return read(
        file,
        (root, zone) ->
            root.get("store")
                .map(store -> StoreSection.read(store, zone))
                .orElse(new StoreSettings.Mirror(List.of())));
  }

  private static Config read(Path file, BiFunction<YamlMap, ZoneId, StoreSettings> store) {
    YamlMap root =
        YamlFile.read(file)
            .map(
                "database",
                "tenants",
                "system",
                "store",
                "retention",
                "labels",
                "scratch",
                "busy_timeout",
                "compression",
                "extensions",
                "jobs",
                "signing");
    ZoneId zone = root.get("labels").flatMap(Config::zone).orElse(ZoneOffset.UTC);
    return new Config(
        file,
        root.get("database").map(Config::database),
        root.get("tenants").map(TenantsSection::read),
        root.get("system").map(system -> SystemSettings.read(system, zone)),
        store.apply(root, zone),
        root.get("retention")
            .map(retention -> RetentionSection.read(retention, zone))
            .orElse(RetentionPolicy.DEFAULT),
        zone,
        root.get("scratch").map(YamlValue::path),
        root.get("busy_timeout").map(Durations::read).orElse(Duration.ofSeconds(30)),
        root.get("compression").map(Config::compression).orElse(Compression.GZIP),
        root.get("extensions").map(Config::extensions).orElse(List.of()),
        root.get("jobs")
            .map(jobs -> JobSettings.read(jobs, zone))
            .orElse(JobSettings.byDefault(file)),
        root.get("signing").map(SigningSettings::read).orElse(SigningSettings.byDefault(file)));
  }

  private static Path database(YamlValue value) {
    if (value.text().startsWith("jdbc:")) {
      throw value.wrong(
          "is a JDBC URL, which cannot be used yet", "Write the path of a SQLite file");
    }
    return value.path();
  }

  private static Optional<ZoneId> zone(YamlValue value) {
    return value
        .map("zone")
        .get("zone")
        .map(
            zone -> {
              try {
                return ZoneId.of(zone.text());
              } catch (DateTimeException e) {
                throw zone.wrong(
                    "is \"" + zone.text() + "\"", "Write UTC or a zone like Europe/Copenhagen");
              }
            });
  }

  private static Compression compression(YamlValue value) {
    return switch (value.text()) {
      case "gzip" -> Compression.GZIP;
      case "zstd" -> Compression.ZSTD;
      default -> throw value.wrong("is \"" + value.text() + "\"", "Write gzip or zstd");
    };
  }

  private static List<Path> extensions(YamlValue value) {
    List<Path> files = new ArrayList<>();
    for (YamlValue item : value.listOrOne()) {
      Path extension = item.path();
      if (!Files.isRegularFile(extension)) {
        throw item.wrong(
            "names " + extension + ", and there is no such file",
            "Write the path of a SQLite extension: a .so, .dylib or .dll");
      }
      files.add(extension);
    }
    return files;
  }

  /**
   * Opens the place where archives are kept.
   *
   * @throws ConfigException if a secret is not where it should be, or a key is none
   */
  public OpenStore openStore() {
    OpenStore opened = store.openAll();
    noteUse(opened.store());
    return opened;
  }

  /** Opens each folder that archives are kept in, without a key to what is in them. */
  public List<FolderArchiveStore> openFolders() {
    List<FolderArchiveStore> folders = store.openFolders();
    folders.forEach(this::noteUse);
    return folders;
  }

  /** Where the services would, for commands that open no database. */
  private void noteUse(ArchiveStore opened) {
    Stream.concat(
            database.stream(),
            system.stream().flatMap(all -> all.databases().values().stream().limit(1)))
        .forEach(opened::noteUseBeside);
  }

  /** The shared database, for commands that cannot do without. */
  public Path requireDatabase() {
    return database.orElseThrow(() -> missing("database", "the path of the shared database"));
  }

  /** Whether the file says what tenants are. */
  public boolean hasTenants() {
    return tenants.isPresent();
  }

  /** The tenant model, for commands that cannot do without. */
  public TenantModel requireTenants() {
    return tenants.orElseThrow(
        () -> missing("tenants", "who owns which table, at least {table: tenants}"));
  }

  /** Folders of this machine that archives are to be kept in, and that are not there. */
  public List<Path> missingFolders() {
    return store.folders().stream().filter(folder -> !Files.isDirectory(folder)).toList();
  }

  /**
   * What belongs to backups beside the scratch folder: the store, the schedules, and files that
   * hold keys and passwords. A database that the system names itself is the system's.
   */
  public List<OwnPlace> ownPlaces() {
    List<OwnPlace> places = new ArrayList<>();
    Path schedules = jobs.database();
    boolean named =
        system
            .map(all -> Stream.of(all.databases(), all.rebuilt()))
            .orElse(Stream.empty())
            .anyMatch(databases -> databases.containsValue(schedules));
    if (!named) {
      places.add(OwnPlace.database("the schedules", schedules));
    }
    store.folders().forEach(folder -> places.addAll(DirectoryArchiveStore.at(folder).ownPlaces()));
    places.addAll(signing.ownPlaces(file));
    store.secretFiles().forEach(file -> places.add(OwnPlace.of("a key", file)));
    return List.copyOf(places);
  }

  /**
   * Beside them, what no row of a tenant has as its file: the databases of the system and this
   * config.
   */
  public List<OwnPlace> placesBesideTenants() {
    List<OwnPlace> places = new ArrayList<>(ownPlaces());
    places.add(OwnPlace.of("the config", file));
    system
        .map(all -> Stream.of(all.databases(), all.rebuilt()))
        .orElse(Stream.empty())
        .flatMap(databases -> databases.values().stream())
        .forEach(path -> places.add(OwnPlace.database("a database of the system", path)));
    return List.copyOf(places);
  }

  private ConfigException missing(String key, String meaning) {
    return new ConfigException(
        file + ": the key " + key + " is missing", "Add " + key + ": " + meaning);
  }
}
