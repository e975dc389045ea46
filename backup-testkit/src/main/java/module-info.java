/** Contract suites, faults and fixtures for those who write a store, a source or a host. */
module dev.sevenfold.backup.testkit {
  requires transitive dev.sevenfold.backup;
  requires transitive org.junit.jupiter.api;
  requires org.assertj.core;
  requires static transitive org.jspecify;

  exports dev.sevenfold.backup.testkit;

  // JUnit calls the contracts' methods reflectively, also those of their package-private parts.
  opens dev.sevenfold.backup.testkit;
}
