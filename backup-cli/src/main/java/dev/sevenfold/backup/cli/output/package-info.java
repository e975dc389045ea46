/**
 * How results are shown: for people, and as JSON for programs. Start from {@link
 * dev.sevenfold.backup.cli.output.PointOutput}.
 */
@NullMarked
package dev.sevenfold.backup.cli.output;

import org.jspecify.annotations.NullMarked;
