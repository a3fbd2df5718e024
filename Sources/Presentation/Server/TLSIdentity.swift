import CGnuTLS

/// What a server shows clients of itself: a certificate with its chain, and the private key to it.
package final class TLSIdentity: Sendable {
    /// TLS 1.3 and 1.2 with ciphers that authenticate what they encrypt, and keys that are forgotten afterwards.
    static let priorities =
        "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-CIPHER-ALL:+AES-256-GCM:+CHACHA20-POLY1305:+AES-128-GCM"
        + ":-KX-ALL:+ECDHE-ECDSA:+ECDHE-RSA:-MAC-ALL:+AEAD:-SIGN-RSA-SHA1:-SIGN-ECDSA-SHA1:%SERVER_PRECEDENCE"

    /// Written in `init` alone; sessions of any thread read it, as GnuTLS allows ("Thread safety" in its manual).
    nonisolated(unsafe) private let credentials: gnutls_certificate_credentials_t

    /// Reads both from PEM.
    ///
    /// - Parameters:
    ///   - chain: The server's certificate, then those that lead to one that clients know.
    ///   - key: The private key, without a passphrase.
    package init(chain: [UInt8], key: [UInt8]) throws(TLSIdentityError) {
        var made: gnutls_certificate_credentials_t?
        guard gnutls_certificate_allocate_credentials(&made) == GNUTLS_E_SUCCESS, let made else {
            throw TLSIdentityError(code: GNUTLS_E_MEMORY_ERROR)
        }
        let code = Self.withDatum(chain) { chain in
            Self.withDatum(key) { key in
                gnutls_certificate_set_x509_key_mem2(made, &chain, &key, GNUTLS_X509_FMT_PEM, nil, 0)
            }
        }
        guard code >= 0 else {
            gnutls_certificate_free_credentials(made)
            throw TLSIdentityError(code: code)
        }
        credentials = made
    }

    deinit {
        gnutls_certificate_free_credentials(credentials)
    }

    /// Has a session whose handshake has not begun show it.
    ///
    /// It must outlive the handshake.
    func show(in session: gnutls_session_t) {
        gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, UnsafeMutableRawPointer(credentials))
    }

    private static func withDatum(_ bytes: [UInt8], _ body: (inout gnutls_datum_t) -> Int32) -> Int32 {
        var bytes = bytes
        return bytes.withUnsafeMutableBufferPointer { buffer in
            var datum = gnutls_datum_t(data: buffer.baseAddress, size: UInt32(clamping: buffer.count))
            return body(&datum)
        }
    }
}

/// Why a certificate and a key cannot be used.
package struct TLSIdentityError: Error, CustomStringConvertible {
    let code: Int32

    /// GnuTLS's words for it, without the full stop.
    package var description: String {
        let text = String(cString: gnutls_strerror(code))
        return text.hasSuffix(".") ? String(text.dropLast()) : text
    }
}

/// The encryption of one connection.
struct Encryption: Sendable {
    /// What the client was shown; kept as long as the connection, and so longer than its handshake.
    let identity: TLSIdentity
    // libmicrohttpd's, used on the connection's thread alone.
    nonisolated(unsafe) private let session: gnutls_session_t

    /// Has a connection that has just begun show an identity.
    init(_ session: gnutls_session_t, showing identity: TLSIdentity) {
        self.session = session
        self.identity = identity
        identity.show(in: session)
    }

    /// Sends bytes and nothing after them, as far as the kernel has room; to be called on the connection's thread.
    func sendLast(_ bytes: [UInt8]) {
        _ = gnutls_record_send(session, bytes, bytes.count)
        _ = gnutls_bye(session, GNUTLS_SHUT_WR)
    }
}
