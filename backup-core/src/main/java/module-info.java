/** Backups of one tenant out of a shared database, and of the whole system; and their restore. */
module dev.sevenfold.backup {
  requires transitive java.sql;
  requires com.cronutils;
  requires com.fasterxml.jackson.core;
  requires com.github.luben.zstd_jni;
  requires org.apache.commons.compress;
  requires org.apache.commons.io;
  requires org.slf4j;
  requires org.xerial.sqlitejdbc;
  requires static transitive org.jspecify;

  exports dev.sevenfold.backup;
  exports dev.sevenfold.backup.archive;
  exports dev.sevenfold.backup.error;
  exports dev.sevenfold.backup.job;
  exports dev.sevenfold.backup.link;
  exports dev.sevenfold.backup.memory;
  exports dev.sevenfold.backup.report;
  exports dev.sevenfold.backup.retention;
  exports dev.sevenfold.backup.schema;
  exports dev.sevenfold.backup.source;
  exports dev.sevenfold.backup.sqlite;
  exports dev.sevenfold.backup.store;
  exports dev.sevenfold.backup.tenant;
}
