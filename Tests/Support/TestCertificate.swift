import CGnuTLS
import Glibc

/// A certificate that a test makes for itself, signed with its own key, as PEM.
public struct TestCertificate: Sendable {
    public let chain: [UInt8]
    public let key: [UInt8]
    /// The certificate as clients get it.
    public let encoded: [UInt8]

    /// Makes one for `localhost` and 127.0.0.1, good for a day.
    public init() {
        var key: gnutls_x509_privkey_t?
        var certificate: gnutls_x509_crt_t?
        gnutls_x509_privkey_init(&key)
        gnutls_x509_crt_init(&certificate)
        defer {
            gnutls_x509_privkey_deinit(key)
            gnutls_x509_crt_deinit(certificate)
        }
        let bits = UInt32(GNUTLS_ECC_CURVE_SECP256R1.rawValue) | 0x8000_0000  // GNUTLS_CURVE_TO_BITS
        gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA, bits, 0)
        gnutls_x509_crt_set_version(certificate, 3)
        var serial = (0..<8).map { _ in UInt8.random(in: 1...127) }
        gnutls_x509_crt_set_serial(certificate, &serial, serial.count)
        gnutls_x509_crt_set_activation_time(certificate, time(nil) - 3600)
        gnutls_x509_crt_set_expiration_time(certificate, time(nil) + 86_400)
        let name = "localhost"
        gnutls_x509_crt_set_dn_by_oid(certificate, "2.5.4.3", 0, name, UInt32(name.utf8.count))
        gnutls_x509_crt_set_subject_alt_name(
            certificate, GNUTLS_SAN_DNSNAME, name, UInt32(name.utf8.count), UInt32(GNUTLS_FSAN_SET))
        let address: [UInt8] = [127, 0, 0, 1]
        gnutls_x509_crt_set_subject_alt_name(
            certificate, GNUTLS_SAN_IPADDRESS, address, UInt32(address.count),
            UInt32(GNUTLS_FSAN_APPEND))
        gnutls_x509_crt_set_basic_constraints(certificate, 1, -1)
        gnutls_x509_crt_set_key(certificate, key)
        gnutls_x509_crt_sign2(certificate, certificate, key, GNUTLS_DIG_SHA256, 0)
        var size = 64 * 1024
        var text = [UInt8](repeating: 0, count: size)
        gnutls_x509_privkey_export(key, GNUTLS_X509_FMT_PEM, &text, &size)
        self.key = Array(text[..<size])
        func export(_ form: gnutls_x509_crt_fmt_t) -> [UInt8] {
            var size = text.count
            gnutls_x509_crt_export(certificate, form, &text, &size)
            return Array(text[..<size])
        }
        chain = export(GNUTLS_X509_FMT_PEM)
        encoded = export(GNUTLS_X509_FMT_DER)
    }
}
