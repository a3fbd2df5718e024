#pragma once
#include <jansson.h>

// jansson keeps the code of an error in the last byte of its text, which Swift sees as a tuple.
static inline int cutroom_json_error_code(const json_error_t *error) { return (int)json_error_code(error); }

// json_decref is a static inline function over an atomic builtin that Swift does not import.
static inline void cutroom_json_release(json_t *value) { json_decref(value); }

static inline int cutroom_json_type(const json_t *value) { return (int)json_typeof(value); }
