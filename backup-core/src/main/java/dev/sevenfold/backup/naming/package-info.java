/**
 * What names of tables and columns tell, by themselves: which table a column is likely to point at,
 * and which tables every framework has; and how YAML and Java write them. No name proves anything;
 * data does. Start at {@link dev.sevenfold.backup.naming.ReferenceNames}.
 */
@NullMarked
package dev.sevenfold.backup.naming;

import org.jspecify.annotations.NullMarked;
