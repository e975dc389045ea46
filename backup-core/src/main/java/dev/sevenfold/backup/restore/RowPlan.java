package dev.sevenfold.backup.restore;

import dev.sevenfold.backup.engine.Writes.Action;
import dev.sevenfold.backup.merge.RowDiff;
import dev.sevenfold.backup.rows.Copied;
import java.util.List;
import java.util.Set;

/**
 * What a restore does to rows, as of one snapshot; the rows themselves are in scratch databases.
 * Immutable.
 *
 * @param copied the tenant's rows as they are
 * @param diffs what differs, one for each staged table
 * @param reached rows of others that declared actions reach
 * @param unchecked tables whose archived rows break a CHECK, and are restored all the same
 * @param hasTakenValues whether an id or a unique value belongs to another row by now
 */
record RowPlan(
    Copied copied,
    List<RowDiff> diffs,
    List<Action> reached,
    Set<String> unchecked,
    boolean hasTakenValues) {}
