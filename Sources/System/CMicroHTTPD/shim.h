#pragma once
#include <microhttpd.h>
#include <stddef.h>
#include <string.h>

/* Swift cannot call variadic functions: each one that is needed has a typed face here. */

typedef void *(*cutroom_mhd_begin_callback)(void *context, const char *target, struct MHD_Connection *connection);
typedef size_t (*cutroom_mhd_unescape_callback)(void *context, struct MHD_Connection *connection, char *text);

/* It never reaches a limit of connections of its own: a worker that does locks itself out for good, since
   new_connection_process_ returns without unlocking cleanup_connection_mutex (0.9.75). Who admits connections counts
   them.

   It speaks TLS where there are priorities for that. Each session gets its certificate when its connection begins;
   without `certificates` (a gnutls_certificate_retrieve_function2) libmicrohttpd would ask for one here. */
static inline struct MHD_Daemon *
cutroom_mhd_start(const char *tls_priorities, void *certificates, unsigned int threads, size_t connection_memory,
                  unsigned int idle_seconds, void *context, cutroom_mhd_begin_callback begin,
                  MHD_AccessHandlerCallback access, MHD_RequestCompletedCallback completed,
                  MHD_NotifyConnectionCallback connection, cutroom_mhd_unescape_callback unescape) {
    struct MHD_OptionItem tls[] = {
        {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)tls_priorities},
        {MHD_OPTION_HTTPS_CERT_CALLBACK, 0, certificates},
        {MHD_OPTION_END, 0, NULL},
    };
    return MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_ALLOW_UPGRADE | MHD_USE_NO_LISTEN_SOCKET
            | (tls_priorities ? MHD_USE_TLS : 0),
        0, NULL, NULL, access, context,
        MHD_OPTION_ARRAY, tls_priorities ? tls : &tls[2],
        MHD_OPTION_THREAD_POOL_SIZE, threads > 1 ? threads : 0,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned int)0x7FFFFFFF,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, connection_memory,
        MHD_OPTION_CONNECTION_TIMEOUT, idle_seconds,
        MHD_OPTION_URI_LOG_CALLBACK, begin, context,
        MHD_OPTION_NOTIFY_COMPLETED, completed, context,
        MHD_OPTION_NOTIFY_CONNECTION, connection, context,
        MHD_OPTION_UNESCAPE_CALLBACK, unescape, context,
        MHD_OPTION_END);
}

static inline MHD_socket cutroom_mhd_socket(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info ? info->connect_fd : MHD_INVALID_SOCKET;
}

static inline const struct sockaddr *cutroom_mhd_peer(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    return info ? info->client_addr : NULL;
}

/* The GnuTLS session of a connection; NULL where TLS is not spoken. */
static inline void *cutroom_mhd_tls_session(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    return info ? info->tls_session : NULL;
}

/* What the connection callback has stored for the connection. */
static inline void *cutroom_mhd_connection_context(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

/* Adds fields that lie one behind the other as `name NUL value NUL`; no value holds a control character.

   libmicrohttpd keeps each field by itself: three allocations, six searches through it, a look at it while the head is
   written and three blocks to free, which for the dozen fields of an answer is a tenth of what the answer costs. So it
   is given the first one alone, with a value that is as long as all that follows; that is written where it keeps the
   value, each field on a line of its own. */
static inline void cutroom_mhd_add_fields(struct MHD_Response *response, const void *fields, size_t size) {
    const char *name = (const char *)fields, *end = name + size, *next;
    if (size == 0) return;
    const char *value = name + strlen(name) + 1;
    /* Each NUL becomes two bytes, ": " or CR LF, but for the last, which becomes none. */
    size_t room = (size_t)(end - value) - 2;
    for (next = value; next < end; next++) room += *next == 0;
    char blank[room + 1];
    memset(blank, '-', room);
    blank[room] = 0;
    if (MHD_add_response_header(response, name, blank) != MHD_YES) return;
    char *place = (char *)MHD_get_response_header(response, name);
    int is_value = 1;
    for (next = value; next < end; is_value = !is_value) {
        size_t length = strlen(next);
        memcpy(place, next, length);
        place += length;
        next += length + 1;
        if (next < end) {
            memcpy(place, is_value ? "\r\n" : ": ", 2);
            place += 2;
        }
    }
}

/* Sends a response of unknown length without chunks; its end is that of the connection. */
static inline enum MHD_Result cutroom_mhd_send_unchunked(struct MHD_Response *response) {
    return MHD_set_response_options(response, MHD_RF_HTTP_1_0_COMPATIBLE_STRICT, MHD_RO_END);
}

static inline enum MHD_Result cutroom_mhd_close_upgraded(struct MHD_UpgradeResponseHandle *handle) {
    return MHD_upgrade_action(handle, MHD_UPGRADE_ACTION_CLOSE);
}
