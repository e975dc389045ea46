package dev.sevenfold.backup.cli.run;

import dev.sevenfold.backup.BackupCatalog;
import dev.sevenfold.backup.cli.config.Config;
import dev.sevenfold.backup.cli.config.ConfigException;
import dev.sevenfold.backup.error.InvalidTenantModel;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.report.BackupListener;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.tenant.Label;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Lends the library to a piece of work, with progress on a terminal. The progress is gone, and
 * everything closed, when the work returns.
 *
 * <p>Whoever opens the library twice for one command hears of what is wrong with it once.
 *
 * @param shell where the progress is shown
 * @param warned what was warned of by now
 */
public record Work(Shell shell, Set<String> warned) {

  /** Work of one command, which has warned of nothing. */
  public Work(Shell shell) {
    this(shell, ConcurrentHashMap.newKeySet());
  }

  /**
   * What a piece of work needs of the library: one of {@link Services}.
   *
   * @param <S> what it is
   */
  @FunctionalInterface
  public interface Opening<S extends BackupCatalog> {
    S open(Config config, List<BackupListener> listeners);
  }

  /** Works with what {@code opening} opens. */
  public <S extends BackupCatalog, T> T on(Config config, Opening<S> opening, Function<S, T> work) {
    return on(config, opening, new BackupListener() {}, work);
  }

  /** Works with what {@code opening} opens; {@code listener} may print while the work goes on. */
  public <S extends BackupCatalog, T> T on(
      Config config, Opening<S> opening, BackupListener listener, Function<S, T> work) {
    try (ProgressLine progress = new ProgressLine(shell)) {
      return lend(
          config, opening, List.of(progress, new Notices(shell, this::warnOnce), listener), work);
    }
  }

  /** Works with what {@code opening} opens, for long, and shows no progress. */
  public <S extends BackupCatalog, T> T quietlyOn(
      Config config, Opening<S> opening, BackupListener listener, Function<S, T> work) {
    return lend(config, opening, List.of(new Notices(shell, shell::warn), listener), work);
  }

  private <S extends BackupCatalog, T> T lend(
      Config config, Opening<S> opening, List<BackupListener> listeners, Function<S, T> work) {
    config.signing().prepare().ifPresent(this::warnOnce);
    try (S opened = opening.open(config, listeners)) {
      return work.apply(opened);
    } catch (InvalidTenantModel e) {
      throw new ConfigException(config.file() + ", key tenants: " + e.what(), e.advice(), e);
    }
  }

  /** Does something that tells how far it is, and shows that. */
  public <T> T showing(Function<Progress, T> work) {
    try (ProgressLine line = new ProgressLine(shell)) {
      return work.apply(line::show);
    }
  }

  private void warnOnce(String warning) {
    if (warned.add(warning)) {
      shell.warn(warning);
    }
  }

  /** Completes or reverts restores of tenants that were killed, where the config has tenants. */
  public void recoverTenants(Config config) {
    if (config.hasTenants() && Files.isRegularFile(config.requireDatabase())) {
      // Whoever opens the service has it done.
      on(config, Services::tenants, backups -> true);
    }
  }

  /** Tells what an earlier command left to tidy up that was killed. */
  private record Notices(Shell shell, Consumer<String> outages) implements BackupListener {
    @Override
    public void recovered(String what) {
      shell.complain("sevenfold: note: " + what);
    }

    @Override
    public void archiveFindings(Label label, List<String> findings) {
      findings.forEach(finding -> shell.warn(label + ": " + finding));
    }

    @Override
    public void replicaUnavailable(StoreUnavailable outage) {
      outages.accept(outage.what());
    }
  }
}
