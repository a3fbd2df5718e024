import Application
import FoundationEssentials
import Glibc
import Presentation

extension Settings {
    static let tlsCertificate = Setting.optionalText(
        "tls_certificate", "FILE",
        "The server's certificate and those behind it, as PEM; with tls_key the server speaks HTTPS alone")
    static let tlsKey = Setting.optionalText(
        "tls_key", "FILE", "The private key of tls_certificate, as PEM without a passphrase")

    static let encryptionSettings: [SettingDeclaration] = [tlsCertificate.declaration, tlsKey.declaration]
}

/// Where the certificate of the server and its key are kept.
struct TLSFiles: Sendable {
    let certificate: String
    let key: String

    /// What the files hold now.
    ///
    /// - Throws: ``CommandFailure``, which says what of it cannot be used.
    func identity() throws(CommandFailure) -> TLSIdentity {
        let (chain, key) = (try Self.contents(of: certificate), try Self.contents(of: self.key))
        do throws(TLSIdentityError) {
            return try TLSIdentity(chain: chain, key: key)
        } catch {
            throw CommandFailure(
                line: "the certificate \(certificate) and the key \(self.key) cannot be used: \(error)",
                status: .wrongUsage)
        }
    }

    private static func contents(of path: String) throws(CommandFailure) -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandFailure(line: "\(path) cannot be read", status: .wrongUsage)
        }
        return Array(data)
    }
}

extension Configuration {
    /// The files of the server's certificate; nil where it speaks no TLS.
    ///
    /// - Throws: ``ConfigurationError`` when one of the two is missing.
    func tlsFiles() throws(ConfigurationError) -> TLSFiles? {
        switch (self[Settings.tlsCertificate], self[Settings.tlsKey]) {
        case (nil, nil): return nil
        case (let certificate?, let key?): return TLSFiles(certificate: certificate, key: key)
        case (_?, nil):
            throw ConfigurationError(
                entry: entry(of: Settings.tlsCertificate), expectation: "needs the key to it, tls_key")
        case (nil, _?):
            throw ConfigurationError(
                entry: entry(of: Settings.tlsKey), expectation: "needs its certificate, tls_certificate")
        }
    }
}

extension HTTPServer {
    /// Reads the certificate again and shows it to whoever connects from now on; one that cannot be used changes
    /// nothing.
    func reload(_ files: TLSFiles, log: any Log) {
        do throws(CommandFailure) {
            show(try files.identity())
            log.write(.info, "certificate read again", ["certificate": .text(files.certificate)])
        } catch {
            log.write(.error, "certificate not read again", ["reason": .text(error.line)])
        }
    }
}
