/**
 * What this build's own tests share. Start from {@link dev.sevenfold.testsupport.Programs}, for
 * tests against real programs.
 */
@NullMarked
package dev.sevenfold.testsupport;

import org.jspecify.annotations.NullMarked;
