package dev.sevenfold.backup.store;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.Set;

/**
 * The default file system, which counts what is done to it and fails at a given step: once, or from
 * then on, as if the process had been killed before that step.
 */
final class FaultyFileSystem extends FileSystem {

  /** How a step fails. */
  enum Fault {
    NONE,
    /** This step fails, the next ones work. */
    ONCE,
    /** Neither this step nor any after it is done. */
    KILLED
  }

  private static final FileSystem REAL = FileSystems.getDefault();

  private final FaultyProvider provider = new FaultyProvider(this);
  private final Fault fault;
  private final int failingStep;
  final boolean hasLinks;
  private int steps;
  private String failed = "nothing";

  private FaultyFileSystem(Fault fault, int failingStep, boolean hasLinks) {
    this.fault = fault;
    this.failingStep = failingStep;
    this.hasLinks = hasLinks;
  }

  /** Fails from the {@code step}th step on, counted from 1. */
  static FaultyFileSystem killedAt(int step) {
    return new FaultyFileSystem(Fault.KILLED, step, true);
  }

  /** Fails at the {@code step}th step alone, counted from 1. */
  static FaultyFileSystem failingAt(int step) {
    return new FaultyFileSystem(Fault.ONCE, step, true);
  }

  /** Does not fail, but has no hard links. */
  static FaultyFileSystem withoutLinks() {
    return new FaultyFileSystem(Fault.NONE, 0, false);
  }

  Path path(Path real) {
    return new FaultyPath(this, real);
  }

  /** Whether there were steps enough to fail. */
  boolean hasFailed() {
    return fault != Fault.NONE && steps >= failingStep;
  }

  /** What was to be done when it failed. */
  String failedStep() {
    return "step " + failingStep + ", " + failed;
  }

  void step(String what) throws IOException {
    steps++;
    if (steps == failingStep && fault != Fault.NONE) {
      failed = what;
    }
    if ((fault == Fault.ONCE && steps == failingStep)
        || (fault == Fault.KILLED && steps >= failingStep)) {
      throw new IOException("as scripted, at " + what);
    }
  }

  @Override
  public FileSystemProvider provider() {
    return provider;
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public boolean isReadOnly() {
    return false;
  }

  @Override
  public String getSeparator() {
    return REAL.getSeparator();
  }

  @Override
  public Iterable<Path> getRootDirectories() {
    return REAL.getRootDirectories();
  }

  @Override
  public Iterable<FileStore> getFileStores() {
    return REAL.getFileStores();
  }

  @Override
  public Set<String> supportedFileAttributeViews() {
    return REAL.supportedFileAttributeViews();
  }

  @Override
  public Path getPath(String first, String... more) {
    return path(REAL.getPath(first, more));
  }

  @Override
  public PathMatcher getPathMatcher(String syntaxAndPattern) {
    throw new UnsupportedOperationException();
  }

  @Override
  public UserPrincipalLookupService getUserPrincipalLookupService() {
    return REAL.getUserPrincipalLookupService();
  }

  @Override
  public WatchService newWatchService() {
    throw new UnsupportedOperationException();
  }
}
