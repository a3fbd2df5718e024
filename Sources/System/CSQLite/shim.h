#pragma once
#include <sqlite3.h>

// Swift imports neither variadic functions nor the macro SQLITE_TRANSIENT, which is a cast of -1.

/// Turns SQLite's memory statistics off: they cost a process-wide lock at every allocation.
/// Only has an effect before the first connection of the process.
static inline int cutroom_sqlite_disable_memory_statistics(void) {
    return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

/// Has connections take memory for pages as they read them, where each would else begin with 85 KiB.
/// Only has an effect before the first connection of the process.
static inline int cutroom_sqlite_allocate_pages_late(void) {
    return sqlite3_config(SQLITE_CONFIG_PAGECACHE, (void *)0, 0, 0);
}

/// Sets one of the boolean SQLITE_DBCONFIG_ options of a connection.
static inline int cutroom_sqlite_configure(sqlite3 *connection, int option, int value) {
    return sqlite3_db_config(connection, option, value, (int *)0);
}

/// Binds a copy of a UTF-8 text.
static inline int cutroom_sqlite_bind_text(
    sqlite3_stmt *statement, int index, const void *text, sqlite3_uint64 length) {
    return sqlite3_bind_text64(
        statement, index, (const char *)text, length, SQLITE_TRANSIENT, SQLITE_UTF8);
}

/// Binds a copy of a blob.
static inline int cutroom_sqlite_bind_blob(
    sqlite3_stmt *statement, int index, const void *bytes, sqlite3_uint64 length) {
    return sqlite3_bind_blob64(statement, index, bytes, length, SQLITE_TRANSIENT);
}
