package dev.sevenfold.backup.cli.run;

import dev.sevenfold.backup.BackupCatalog;
import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.cli.config.Config;
import dev.sevenfold.backup.cli.config.ConfigException;
import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.store.FolderArchiveStore;
import dev.sevenfold.backup.tenant.TenantId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import picocli.CommandLine.Option;

/** What every command has that works with a database or a store: {@code --config}. */
public final class ConfigContext extends Context {

  @Option(
      names = "--config",
      required = true,
      paramLabel = "FILE",
      description = "The config file: database, tenants, store.")
  Path file;

  public Config config() {
    return Config.read(file);
  }

  /** The config of a command that is run before there is anything but a database. */
  public Config configWithoutStore() {
    Config config = Config.readWithoutStore(file);
    config.requireDatabase();
    config.requireTenants();
    return config;
  }

  /** The config of a command for whatever it has: tenants, the system, or both. */
  public Config anyConfig() {
    Config config = config();
    if (config.system().isEmpty() || config.hasTenants()) {
      config.requireDatabase();
      config.requireTenants();
    }
    return config;
  }

  /** Says that a list is empty; with a word on a disk that may not be mounted. */
  public void sayNothingThere(Config config, String what) {
    shell().complain("sevenfold: " + what);
    config
        .missingFolders()
        .forEach(
            folder ->
                shell()
                    .complain(
                        "The folder "
                            + folder
                            + " of the store is not there; if it is on another disk, mount that"));
  }

  /** Works with the tenants of the database; shows progress. */
  public <T> T onTenants(Function<BackupService, T> work) {
    return work().on(tenantConfig(), Services::tenants, work);
  }

  /**
   * Looks for something of a tenant where the database is not needed. Only if nothing is found
   * under the id as it is written, the database says what else it may mean, or that there is no
   * such tenant.
   *
   * @param look finds what the tenant has
   * @param none whether that is nothing
   * @throws BackupRefused if there is neither such a tenant, nor an archive of one
   */
  public <T> T lookUp(
      Config config, TenantId written, Function<TenantId, T> look, Predicate<T> none) {
    T found = look.apply(written);
    if (!none.test(found)) {
      return found;
    }
    KnownTenant known = known(config, written);
    if (!known.id().equals(written)) {
      found = look.apply(known.id());
    }
    if (none.test(found)) {
      known.requireSomething();
    }
    return found;
  }

  /** What the database knows of an id, as far as there is a database. */
  public KnownTenant known(Config config, TenantId written) {
    if (config.hasTenants() && Files.isRegularFile(config.requireDatabase())) {
      try {
        return work()
            .on(
                config,
                Services::tenants,
                backups -> new KnownTenant(backups.canonical(written), backups.missing(written)));
      } catch (BackupException | ConfigException e) {
        shell()
            .warn(
                e.getMessage() + " (so it is not known whether there is a tenant " + written + ")");
      }
    }
    return new KnownTenant(written, Optional.empty());
  }

  /**
   * A tenant as the database knows it.
   *
   * @param id the one id by which archives and schedules know it
   * @param missing what to say if there is no such tenant, and no archive of one
   */
  public record KnownTenant(TenantId id, Optional<BackupRefused> missing) {
    /** Refuses one that there is nothing of. */
    public TenantId requireSomething() {
      if (missing.isPresent()) {
        throw missing.get();
      }
      return id;
    }
  }

  /** Works with the store alone; shows progress. */
  public <T> T onStore(Function<BackupCatalog, T> work) {
    return work().on(config(), Services::store, work);
  }

  /**
   * Does something to each folder of the store, and prints what came of it.
   *
   * @param last is printed in the end, if all went well
   */
  public int onFolders(Function<FolderArchiveStore, String> work, String last) {
    int code = ExitCode.DONE;
    for (FolderArchiveStore store : config().openFolders()) {
      try (store) {
        shell().print(store.describe() + ": " + work.apply(store));
      } catch (BackupException e) {
        // One replica of a mirror that is down keeps the others from nothing.
        failures().explain(e);
        code = ExitCode.FAILED;
      }
    }
    if (code == ExitCode.DONE) {
      shell().print(last);
    }
    return code;
  }

  /** The config of a command for tenants, which says what tenants are. */
  public Config tenantConfig() {
    Config config = config();
    config.requireDatabase();
    config.requireTenants();
    return config;
  }
}
