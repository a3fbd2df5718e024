#pragma once
#include <zlib.h>

// deflateInit2 is a macro, which does not import into Swift. A window of 15 bits, and 16 more for gzip's frame
// (RFC 1952); 8 is zlib's own measure of memory.
static inline int cutroom_gzip_begin(z_stream *stream, int level) {
    return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}
