package dev.sevenfold.backup.mail;

import java.util.ArrayList;
import java.util.List;

/** Takes mails, or not. Thread-safe. */
final class RecordingPostman implements Postman {

  enum Mood {
    TAKING,
    FAILING,
    REFUSING
  }

  private final List<OutboxItem> taken = new ArrayList<>();
  private Mood mood = Mood.TAKING;
  private int attempts;

  synchronized void be(Mood next) {
    mood = next;
  }

  synchronized List<OutboxItem> taken() {
    return List.copyOf(taken);
  }

  synchronized int attempts() {
    return attempts;
  }

  @Override
  public synchronized void deliver(List<OutboxItem> mails, Outcome outcome) {
    for (OutboxItem mail : mails) {
      attempts++;
      switch (mood) {
        case TAKING -> {
          taken.add(mail);
          outcome.delivered(mail);
        }
        case FAILING -> outcome.failed(mail, new IllegalStateException("451 later"));
        case REFUSING -> outcome.refused(mail, new IllegalStateException("550 nobody there"));
      }
    }
  }
}
