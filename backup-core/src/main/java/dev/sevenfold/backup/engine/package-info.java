/**
 * What a restore is thought out on, the workbench, and what a live engine must be able to do. Start
 * from {@link dev.sevenfold.backup.engine.Workbench}.
 */
@NullMarked
package dev.sevenfold.backup.engine;

import org.jspecify.annotations.NullMarked;
