package dev.sevenfold.backup.cli.examples;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.archive.ArchiveReader;
import dev.sevenfold.backup.archive.EntryContents;
import dev.sevenfold.backup.archive.SigningKeys;
import dev.sevenfold.backup.job.BackupTenantJob;
import dev.sevenfold.backup.job.CronSchedule;
import dev.sevenfold.backup.link.ArchiveDownload;
import dev.sevenfold.backup.link.DownloadLinks;
import dev.sevenfold.backup.link.LinkKeys;
import dev.sevenfold.backup.link.LinkStore;
import dev.sevenfold.backup.link.SqliteLinkStore;
import dev.sevenfold.backup.mail.BackupMailer;
import dev.sevenfold.backup.mail.RecipientDirectory;
import dev.sevenfold.backup.mail.SmtpServer;
import dev.sevenfold.backup.memory.InMemoryArchiveStore;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.retention.RetainableArchive;
import dev.sevenfold.backup.scheduler.BackupScheduler;
import dev.sevenfold.backup.source.SystemSource;
import dev.sevenfold.backup.source.SystemTarget;
import dev.sevenfold.backup.source.TenantSource;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantModel;
import java.io.InputStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongConsumer;

/**
 * What the examples of the documentation take for granted: variables and classes of a host. One
 * name means one thing in all of them.
 */
abstract class ExampleContext {

  static final byte[] SECRET = new byte[32];

  /** The host's own class. */
  static final class MyApp {
    static final TenantModel TENANT_MODEL = TenantModel.rootedAt("tenants").build();

    static void migrate(Connection connection) {}

    static String newToken() {
      return "";
    }
  }

  // The host's.
  Clock clock;
  ZoneId zone;
  Path folder;
  Path outbox;
  Path jobs;
  Path signingKeys;
  Path migratedDatabase;
  byte[] secret;
  byte[] secret2026;
  byte[] secret2027;
  String password;
  Instant executionTime;
  Instant requestedAt;
  Instant scheduledAt;

  boolean canLogIn(Path database) {
    return true;
  }

  String idIn(String path) {
    return path;
  }

  Optional<Label> newestRestorePoint(TenantId of, Instant from, Instant until) {
    return Optional.empty();
  }

  Optional<Label> safetyLabelOfRestore(TenantId of, Label restored, Instant from, Instant until) {
    return Optional.empty();
  }

  // What is backed up, and where to.
  TenantModel model;
  TenantSource source;
  SystemSource system;
  SystemTarget target;
  ArchiveStore store;
  ArchiveStore remote;
  BackupService backups;
  TenantId tenant;
  Label label;
  RestorePoint point;
  List<RetainableArchive> archives;

  // An archive.
  SigningKeys keys;
  ArchiveManifest manifest;
  ArchiveReader reader;
  EntryContents contents;
  InputStream head;
  InputStream archive;
  LongConsumer progress;

  // Links and mails.
  LinkKeys linkKeys;
  LinkStore linkStore;
  ArchiveDownload download;
  String method;
  String lastSegmentOfThePath;
  Function<String, String> headers;
  RecipientDirectory directory;
  SmtpServer smtp;
  BackupMailer mailer;
  DownloadLinks links;

  // Schedules.
  CronSchedule schedule;
  BackupTenantJob job;
  BackupScheduler scheduler;

  // Stores of somebody else, to be tested.
  static final class Shelf {}

  static final class ShelfArchiveStore {
    static ArchiveStore on(Shelf shelf) {
      return new InMemoryArchiveStore();
    }
  }

  static final class TableLinkStore {
    static LinkStore in(Path database) {
      return SqliteLinkStore.open(database);
    }
  }

  Path newDatabase() {
    return Path.of("new.sqlite3");
  }
}
