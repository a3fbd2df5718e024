#pragma once
#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

static int cutroom_gnutls_no_certificate(gnutls_session_t session, const gnutls_datum_t *authorities, int authority_count,
                                         const gnutls_pk_algorithm_t *algorithms, int algorithm_count,
                                         gnutls_pcert_st **chain, unsigned int *chain_length, gnutls_privkey_t *key) {
    (void)session, (void)authorities, (void)authority_count, (void)algorithms, (void)algorithm_count;
    (void)chain, (void)chain_length, (void)key;
    return -1;
}

/* A gnutls_certificate_retrieve_function2 that never finds one. */
static inline void *cutroom_gnutls_without_certificates(void) { return (void *)cutroom_gnutls_no_certificate; }
