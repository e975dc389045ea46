package dev.sevenfold.backup.cli.run;

import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.report.BackupListener;
import dev.sevenfold.backup.report.BackupReport;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.tenant.TenantId;
import java.io.PrintStream;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Shows on a terminal how far the work is, in one line that is gone before anything else is
 * printed. Thread-safe.
 */
public final class ProgressLine implements BackupListener, AutoCloseable {

  private static final int WIDTH = 79;

  private final Shell shell;
  private @Nullable Boolean terminal;
  private @Nullable ProgressBar bar;
  private String step = "";

  public ProgressLine(Shell shell) {
    this.shell = shell;
  }

  @Override
  public void progressed(TenantId tenant, String step, Progress.Unit unit, long done, long total) {
    show(tenant + " " + step, unit, done, total);
  }

  @Override
  public void systemProgressed(String step, Progress.Unit unit, long done, long total) {
    show(step, unit, done, total);
  }

  /** Shows how far a step is. */
  synchronized void show(String now, Progress.Unit unit, long done, long total) {
    if (!isTerminal()) {
      return;
    }
    if (bar != null && !this.step.equals(now)) {
      close();
    }
    if (bar == null) {
      bar = start(now, unit);
      this.step = now;
    }
    bar.maxHint(total > 0 ? total : -1);
    bar.stepTo(done);
  }

  private boolean isTerminal() {
    if (terminal == null) {
      terminal = shell.terminal().getAsBoolean();
    }
    return terminal;
  }

  private ProgressBar start(String name, Progress.Unit unit) {
    ProgressBarBuilder builder =
        new ProgressBarBuilder()
            .setTaskName(name)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(200)
            .setConsumer(new ErrorLine(shell.err()))
            .clearDisplayOnFinish();
    return unit == Progress.Unit.BYTES ? builder.setUnit(" MiB", 1 << 20).build() : builder.build();
  }

  @Override
  public void backupCompleted(BackupReport report) {
    close();
  }

  @Override
  public void backupFailed(TenantId tenant, BackupException failure) {
    close();
  }

  /** Takes the line away; the next progress starts a new one. */
  @Override
  public synchronized void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }

  /** The line itself. */
  private record ErrorLine(PrintStream err) implements ProgressBarConsumer {

    @Override
    public int getMaxRenderedLength() {
      return WIDTH;
    }

    @Override
    public void accept(String rendered) {
      err.print("\r" + rendered);
      err.flush();
    }

    @Override
    public void clear() {
      err.print("\r" + " ".repeat(WIDTH) + "\r");
      err.flush();
    }

    @Override
    public void close() {
      err.flush();
    }
  }
}
