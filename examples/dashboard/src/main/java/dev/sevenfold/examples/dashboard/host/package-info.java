/**
 * The application itself: firms, their customers and invoices, logins and sessions, in a SQLite
 * database. Start from {@link dev.sevenfold.examples.dashboard.host.HostDatabase}.
 */
@NullMarked
package dev.sevenfold.examples.dashboard.host;

import org.jspecify.annotations.NullMarked;
