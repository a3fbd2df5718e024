import Application
import Domain
import FoundationEssentials
import Infrastructure
import Presentation

extension Settings {
    /// Whether something is switched on.
    enum Switch: String, CaseIterable, Sendable { case off, on }

    static let accounts = Setting.choice(
        "accounts", default: Switch.off,
        "Whether people have to sign in; without accounts whoever reaches the server may do everything")
    static let signUp = Setting.choice(
        "sign_up", default: SignUpPolicy.closed, "Who may become a user over HTTP"
    ).adjustable(.now)
    static let secretKey = Setting.secret(
        "secret_key", "64 hexadecimal digits, earlier keys behind them; else secret.key in the data folder")
    static let mailServer = Setting<SMTPServer?>(
        "smtp_url", "URL", default: [], secret: .credentials,
        "The server that sends mail, smtps://USER:PASSWORD@HOST or smtp://…; else mail goes to the log"
    ) { values throws(SettingError) in
        guard let text = values.last, !text.isEmpty else { return nil }
        guard let server = SMTPServer(address: text) else {
            throw SettingError(expectation: "must be an smtp or smtps address, with no path")
        }
        return server
    }.adjustable(.restart)
    static let mailSender = Setting<SMTPMailer.Sender?>(
        "mail_from", "NAME <ADDRESS>", default: [], "Who mail comes from"
    ) { values throws(SettingError) in
        guard let text = values.last, !text.isEmpty else { return nil }
        guard let sender = SMTPMailer.Sender(text) else {
            throw SettingError(
                expectation: "must be an address such as clips@example.org or Clips <clips@example.org>")
        }
        return sender
    }.adjustable(.restart)
    static let admin = Setting.toggle("admin", "Make an administrator")

    static let accountSettings: [SettingDeclaration] = [
        accounts.declaration, signUp.declaration, secretKey.declaration, mailServer.declaration,
        mailSender.declaration,
    ]
}

extension Configuration {
    /// Whether others than the people of this machine may reach the server: by its address, or through a proxy or
    /// under a name that the settings speak of.
    var isReachedByOthers: Bool {
        !self[Settings.bind].isLoopback || !self[Settings.trustedProxies].isEmpty
            || !self[Settings.hosts].isEmpty
    }

    /// Checks that others reach the server only where they have to say who they are, by a secret that nobody can
    /// guess, and where the log does not tell all they do.
    func requireSafeBinding() throws(ConfigurationError) {
        guard isReachedByOthers else { return }
        guard self[Settings.bind].isLoopback || self[Settings.accounts] == .on else {
            throw ConfigurationError(
                entry: entry(of: Settings.bind),
                expectation:
                    "must be a loopback address (127.0.0.1 or ::1) unless CUTROOM_ACCOUNTS=on has others sign in"
            )
        }
        guard self[Settings.accounts] == .on else { return }
        if let secret = self[Settings.secretKey], Self.isGuessable(secret) {
            throw ConfigurationError(
                entry: entry(of: Settings.secretKey),
                expectation:
                    "can be guessed while others reach the server; `openssl rand -hex 32` makes a good one")
        }
        guard self[Settings.logLevel] > .debug else {
            throw ConfigurationError(
                entry: entry(of: Settings.logLevel),
                expectation: "must be info, warning or error while others reach the server")
        }
    }

    /// Whether a key is one of those that stand in examples: of 32 random bytes about 30 differ, and fewer than 16
    /// never.
    private static func isGuessable(_ secret: String) -> Bool {
        secret.split(whereSeparator: \.isWhitespace).contains { key in
            let digits = Array(key.lowercased().utf8)
            let bytes = stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0...($0 + 1)] }
            return Set(bytes).count < 16
        }
    }
}

extension SMTPServer {
    /// A server by its address: `smtps` is TLS from the first byte; `smtp` asks for TLS first, except from this
    /// machine itself, whose mail servers seldom have a certificate for that.
    fileprivate init?(address: String) {
        guard let parts = URLComponents(string: address), let scheme = parts.scheme?.lowercased(),
            let name = parts.host, !name.isEmpty, ["", "/"].contains(parts.path), parts.query == nil,
            parts.fragment == nil, let port = UInt16(exactly: parts.port ?? (scheme == "smtps" ? 465 : 587))
        else { return nil }
        let host = name.hasPrefix("[") ? String(name.dropFirst().dropLast()) : name
        let isThisMachine = ["localhost", "127.0.0.1", "::1"].contains(host)
        let account = parts.user.map { Account(user: $0, password: parts.password ?? "") }
        switch scheme {
        case "smtps": self.init(host: host, port: port, protection: .tls, account: account)
        case "smtp":
            self.init(
                host: host, port: port, protection: isThisMachine ? .none : .startTLS, account: account)
        default: return nil
        }
    }
}

extension SMTPMailer.Sender {
    /// A sender as a header field has it: an address, or a name and an address in angle brackets.
    fileprivate init?(_ text: String) {
        guard text.hasSuffix(">"), let start = text.lastIndex(of: "<") else {
            guard let address = try? EmailAddress(text) else { return nil }
            self.init(address)
            return
        }
        let inner = text[text.index(after: start)...].dropLast()
        let name = text[..<start].reversed().drop(while: \.isWhitespace).reversed()
        guard let address = try? EmailAddress(String(inner)) else { return nil }
        self.init(address, name: name.isEmpty ? nil : String(name))
    }
}
