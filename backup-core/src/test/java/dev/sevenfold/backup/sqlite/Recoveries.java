package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.report.BackupListener;
import java.util.ArrayList;
import java.util.List;

/** Hears what became of restores that were killed. Use from one thread. */
final class Recoveries implements BackupListener {

  final List<String> said = new ArrayList<>();

  @Override
  public void recovered(String what) {
    said.add(what);
  }
}
