package dev.sevenfold.backup.sftp;

import dev.sevenfold.backup.sftp.Sftp.Pending;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.sshd.sftp.client.SftpClient.DirEntry;
import org.apache.sshd.sftp.client.SftpClient.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Lists folders of a server, as many with one wait as it is sure to open at a time. Each answer
 * that was asked for is taken, and each handle closed, whatever fails. Use once, from one thread.
 */
final class RemoteListing {

  private static final int MAX_ATTEMPTS = 10;

  private final Sftp sftp;
  private final RemoteFolder remote;
  private final Predicate<String> wanted;
  private final Map<String, RemoteFile> found = new HashMap<>();
  private final Map<String, RemoteFile> batch = new HashMap<>();
  private @Nullable IOException failure;

  /**
   * @param wanted whether to list what has this name in its folder
   */
  RemoteListing(Sftp sftp, RemoteFolder remote, Predicate<String> wanted) {
    this.sftp = sftp;
    this.remote = remote;
    this.wanted = wanted;
  }

  /** What is in these folders, by name; nothing if a folder is not there yet. */
  Map<String, RemoteFile> of(List<String> folders) throws IOException {
    for (int from = 0; from < folders.size(); from += RemoteFolder.AT_A_TIME) {
      listBatch(folders.subList(from, Math.min(from + RemoteFolder.AT_A_TIME, folders.size())));
    }
    return found;
  }

  /**
   * Some servers list nothing more of a folder once a file is gone that they were about to tell of.
   * What else is in the folder is then to be asked for again: a part of it is no listing.
   */
  private void listBatch(List<String> folders) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        list(folders);
        found.putAll(batch);
        return;
      } catch (RequestRefused e) {
        if (!e.isMissing() || attempt == MAX_ATTEMPTS) {
          throw e;
        }
        failure = null;
      } finally {
        batch.clear();
      }
    }
  }

  private void list(List<String> folders) throws IOException {
    Map<String, Pending<RemoteFile>> looking = new LinkedHashMap<>();
    Map<String, Pending<Handle>> opening = new LinkedHashMap<>();
    for (String folder : folders) {
      if (!folder.isEmpty()) { // the folder itself may be reached through a link
        looking.put(folder, sftp.sendLook(remote.path(folder)));
      }
      opening.put(folder, sftp.sendOpenFolder(remote.path(folder)));
    }
    Map<String, RemoteFile> there = new HashMap<>();
    looking.forEach((folder, look) -> answer(look).ifPresent(file -> there.put(folder, file)));
    Map<String, Handle> open = new LinkedHashMap<>();
    opening.forEach((folder, handle) -> answer(handle).ifPresent(h -> open.put(folder, h)));
    try {
      if (failure instanceof ConnectionLost) {
        throw failure; // what ended the connection, and not that it has ended
      }
      for (String folder : folders) {
        if (!folder.isEmpty()) {
          remote.requireFolder(folder, Optional.ofNullable(there.get(folder)));
        }
        if (!open.containsKey(folder)) {
          // Servers say so of a file, too, and that must not look like a store without archives. A
          // folder that is there by now has come into being since, with nothing in it.
          remote.find(sftp);
        }
      }
      requireAnswered();
      Map<String, Handle> unread = new LinkedHashMap<>(open);
      while (!unread.isEmpty()) {
        read(unread);
      }
    } finally {
      open.values().forEach(sftp::closeUnanswered);
    }
  }

  /** The answer; empty if there is no such file, or it failed otherwise, which is kept. */
  private <T> Optional<T> answer(Pending<T> pending) {
    try {
      return Optional.of(pending.answer());
    } catch (IOException e) {
      if (!(e instanceof RequestRefused refused && refused.isMissing())) {
        keep(e);
      }
      return Optional.empty();
    }
  }

  private void keep(IOException e) {
    if (failure == null) {
      failure = e;
    }
  }

  /** Reads a part of each folder, and drops those that have no more. */
  private void read(Map<String, Handle> unread) throws IOException {
    Map<String, Pending<Optional<List<DirEntry>>>> reading = new LinkedHashMap<>();
    for (var one : unread.entrySet()) {
      reading.put(one.getKey(), sftp.sendReadFolder(one.getValue()));
    }
    for (var part : reading.entrySet()) {
      String folder = part.getKey();
      try {
        part.getValue()
            .answer()
            .ifPresentOrElse(some -> add(folder, some), () -> unread.remove(folder));
      } catch (IOException e) {
        keep(e);
      }
    }
    requireAnswered();
  }

  private void requireAnswered() throws IOException {
    if (failure != null) {
      throw failure;
    }
  }

  private void add(String folder, List<DirEntry> entries) {
    for (DirEntry entry : entries) {
      String name = entry.getFilename();
      if (wanted.test(name)) {
        batch.put(
            folder.isEmpty() ? name : folder + "/" + name, RemoteFile.of(entry.getAttributes()));
      }
    }
  }
}
