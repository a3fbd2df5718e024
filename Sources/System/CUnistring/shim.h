#pragma once
#include <uninorm.h>

// UNINORM_NFC is a macro for the address of a variable, which does not import into Swift.
static inline uint8_t *cutroom_compose(const uint8_t *text, size_t count, uint8_t *room, size_t *length) {
    return u8_normalize(UNINORM_NFC, text, count, room, length);
}
