package dev.sevenfold.testsupport;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The packages of a module from the bottom up: one knows those before it, and none behind it. So
 * there is no circle between them.
 *
 * @param root the package that they are in
 * @param names what follows the root: {@code ".config"}, or nothing for the root itself
 */
public record Rooms(String root, List<String> names) {

  private static final int MOST_FILES = 30;

  /** The main classes of all that is in the root. */
  public JavaClasses classesOfAll() {
    return new ClassFileImporter()
        .withImportOption(new ImportOption.DoNotIncludeTests())
        .importPackages(root);
  }

  /** Fails where an arrow goes up, a package has no place, or has more files than can be seen. */
  public void check() {
    JavaClasses all = classesOfAll();
    for (int i = 0; i + 1 < names.size(); i++) {
      noClasses()
          .that()
          .resideInAPackage(root + names.get(i))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(packages(names.subList(i + 1, names.size())))
          .because("arrows go down only")
          .check(all);
    }
    classes()
        .should()
        .resideInAnyPackage(packages(names))
        .because("a room that is not in the picture has arrows that nobody looks at")
        .check(all);
    Map<String, Long> files =
        all.stream()
            .filter(type -> type.getEnclosingClass().isEmpty())
            .filter(type -> !type.getSimpleName().equals("package-info"))
            .collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));
    files.forEach(
        (room, count) -> {
          if (count > MOST_FILES) {
            throw new AssertionError(room + " has " + count + " files");
          }
        });
  }

  private String[] packages(List<String> some) {
    return some.stream().map(root::concat).toArray(String[]::new);
  }
}
