package dev.sevenfold.backup.suggest;

import dev.sevenfold.backup.naming.Texts;
import dev.sevenfold.backup.tenant.SuggestedModel;
import dev.sevenfold.backup.tenant.TenantModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The model as far as it is known, and what is proposed of it. Use from one thread. */
final class Draft {

  private static final List<String> SECTIONS = List.of("owned", "shared", "ignored", "files");

  private final TenantModel given;
  private final Map<Proposal, String> proposals = new LinkedHashMap<>();
  private final List<String> questions = new ArrayList<>();

  Draft(TenantModel given) {
    this.given = given;
  }

  TenantModel given() {
    return given;
  }

  /** Says something, unless it is said already. */
  void add(Proposal proposal, String evidence) {
    proposals.putIfAbsent(proposal, evidence);
  }

  /** Says something in another way. */
  void replace(Proposal before, Proposal now, String evidence) {
    proposals.remove(before);
    add(now, evidence);
  }

  boolean says(Proposal proposal) {
    return proposals.containsKey(proposal);
  }

  List<Proposal> proposals() {
    return List.copyOf(proposals.keySet());
  }

  int size() {
    return proposals.size();
  }

  /** Asks what rows do not decide. */
  void ask(String question) {
    if (!questions.contains(question)) {
      questions.add(question);
    }
  }

  TenantModel model() {
    TenantModel.Builder model = given.toBuilder();
    proposals.keySet().forEach(proposal -> proposal.addTo(model));
    return model.build();
  }

  SuggestedModel suggested() {
    return new SuggestedModel(model(), yaml(), java(), proposals.size(), questions);
  }

  private String yaml() {
    List<String> lines = new ArrayList<>();
    lines.add("tenants:");
    lines.add("  table: " + Texts.yaml(given.root()));
    given.keyColumn().ifPresent(key -> lines.add("  key: " + Texts.yaml(key)));
    given.tenantColumn().ifPresent(column -> lines.add("  column: " + Texts.yaml(column)));
    for (Map.Entry<Proposal, String> each : of("column").entrySet()) {
      lines.add("  column: " + each.getKey().yaml() + "  # " + Texts.comment(each.getValue()));
    }
    for (String section : SECTIONS) {
      section(section, "  ", lines);
    }
    if (!of("restore.taken").isEmpty() || !of("restore.ignored").isEmpty()) {
      lines.add("  restore:");
      section("restore.taken", "    ", lines);
      section("restore.ignored", "    ", lines);
    }
    questions(lines, "  # ");
    return String.join("\n", lines) + '\n';
  }

  private void section(String section, String indent, List<String> lines) {
    Map<Proposal, String> all = of(section);
    if (!all.isEmpty()) {
      lines.add(indent + section.substring(section.lastIndexOf('.') + 1) + ':');
      all.forEach(
          (proposal, evidence) ->
              lines.add(
                  indent
                      + (section.equals("restore.ignored") ? "  " : "  - ")
                      + proposal.yaml()
                      + "  # "
                      + Texts.comment(evidence)));
    }
  }

  private void questions(List<String> lines, String indent) {
    questions.forEach(question -> lines.add(indent + "QUESTION: " + Texts.comment(question)));
  }

  private Map<Proposal, String> of(String section) {
    Map<Proposal, String> all = new LinkedHashMap<>();
    proposals.forEach(
        (proposal, evidence) -> {
          if (proposal.section().equals(section)) {
            all.put(proposal, evidence);
          }
        });
    return all;
  }

  private String java() {
    List<String> lines = new ArrayList<>();
    lines.add("TenantModel.rootedAt(" + Texts.java(given.root()) + ')');
    Function<String, Function<String, String>> call =
        method -> argument -> "    " + Texts.call(method, argument);
    given.keyColumn().map(call.apply("key")).ifPresent(lines::add);
    given.tenantColumn().map(call.apply("column")).ifPresent(lines::add);
    proposals.forEach(
        (proposal, evidence) -> {
          lines.add("    // " + Texts.comment(evidence));
          lines.add("    " + proposal.java());
        });
    questions(lines, "    // ");
    lines.add("    .build();");
    return String.join("\n", lines) + '\n';
  }
}
