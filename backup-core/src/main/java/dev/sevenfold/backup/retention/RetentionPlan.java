package dev.sevenfold.backup.retention;

import dev.sevenfold.backup.tenant.Label;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * What is to become of each archive, and why. Nothing is deleted by making a plan. Immutable.
 *
 * @param decisions one for each archive, the newest first
 */
public record RetentionPlan(List<Decision> decisions) {

  /** What is to become of an archive. */
  public enum Action {
    /** It stays. */
    KEEP,
    /** It may go. */
    DELETE
  }

  /**
   * What is to become of one archive.
   *
   * @param archive which one
   * @param action whether it stays
   * @param reason why, in words: {@code 1st of the last 7}
   */
  public record Decision(RetainableArchive archive, Action action, String reason) {
    /** Requires all parts. */
    public Decision {
      Objects.requireNonNull(archive, "archive");
      Objects.requireNonNull(action, "action");
      Objects.requireNonNull(reason, "reason");
    }

    static Decision keep(RetainableArchive archive, String reason) {
      return new Decision(archive, Action.KEEP, reason);
    }

    static Decision delete(RetainableArchive archive, String reason) {
      return new Decision(archive, Action.DELETE, reason);
    }

    /** The decision in a line: {@code keep tenant_42_20261122010100: 1st of the last 7}. */
    @Override
    public String toString() {
      String verb = action == Action.KEEP ? "keep" : "delete";
      return verb + " " + archive.label() + ": " + reason;
    }
  }

  /** Copies the list. */
  public RetentionPlan {
    decisions = List.copyOf(decisions);
  }

  /** The labels of the archives that stay, the newest first. */
  public List<Label> kept() {
    return labels(Action.KEEP);
  }

  /** The labels of the archives that may go, the newest first. */
  public List<Label> deleted() {
    return labels(Action.DELETE);
  }

  private List<Label> labels(Action action) {
    return decisions.stream()
        .filter(decision -> decision.action() == action)
        .map(decision -> decision.archive().label())
        .toList();
  }

  /** Every decision in a line of its own, for people to read before the plan is applied. */
  @Override
  public String toString() {
    return decisions.stream().map(Decision::toString).collect(Collectors.joining("\n"));
  }
}
