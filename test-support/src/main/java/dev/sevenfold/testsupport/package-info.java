/**
 * What this build's own tests share, those of {@code backup-core} too: so it knows no other module.
 * Start from {@link dev.sevenfold.testsupport.Programs}, for tests against real programs, {@link
 * dev.sevenfold.testsupport.Interposed}, to fail one call of something real, {@link
 * dev.sevenfold.testsupport.Jvm}, for a process that may be killed, and {@link
 * dev.sevenfold.testsupport.JavaExamples}, which compiles what documentation shows.
 */
@NullMarked
package dev.sevenfold.testsupport;

import org.jspecify.annotations.NullMarked;
