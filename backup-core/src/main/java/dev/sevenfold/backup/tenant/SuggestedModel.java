package dev.sevenfold.backup.tenant;

import java.util.List;
import java.util.Objects;

/**
 * What schema and rows say of a model: the one that was given, and what belongs to it beside that.
 * Names alone decide only where there are no rows to ask, and the comments say so. Immutable.
 *
 * @param model the given model with all that is proposed
 * @param yaml the key {@code tenants} of the command line's config with what is proposed, ready to
 *     be pasted; each line has its evidence as a comment
 * @param java the same as calls of {@link TenantModel.Builder}
 * @param proposed how many lines are proposed beside what the given model says
 * @param questions what rows do not decide, each with rows to look at; cause before consequence.
 *     What the model says meanwhile leaves no row out
 */
public record SuggestedModel(
    TenantModel model, String yaml, String java, int proposed, List<String> questions) {

  /** Requires all parts and copies the list. */
  public SuggestedModel {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(yaml, "yaml");
    Objects.requireNonNull(java, "java");
    questions = List.copyOf(questions);
  }

  /** Whether the given model lacks nothing that rows tell of. */
  public boolean isQuiet() {
    return proposed == 0 && questions.isEmpty();
  }
}
