/**
 * What a restore is thought out on, the workbench, and what a live database must be able to do. To
 * write an engine, start from {@link dev.sevenfold.backup.engine.Engine}; the names of what is on a
 * workbench are in {@link dev.sevenfold.backup.engine.Workbench}.
 */
@NullMarked
package dev.sevenfold.backup.engine;

import org.jspecify.annotations.NullMarked;
