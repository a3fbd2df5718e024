import Application
import Domain
import Infrastructure
import Presentation

extension CompositionRoot {
    /// What the use cases of accounts have in common.
    var desk: AccountDesk { AccountDesk(store: store, identifiers: identifiers, clock: clock) }

    /// Makes administrators; it needs no secret key.
    var createAdministrator: CreateAdministrator {
        CreateAdministrator(desk: desk, input: .ofThisMachine(ZoneCalendar()), hasher: Argon2idHasher())
    }

    /// Lists users.
    var searchUsers: SearchUsers { SearchUsers(desk: desk, input: .ofThisMachine(ZoneCalendar())) }

    /// What a server with accounts works with; nil where there are none.
    ///
    /// - Throws: ``CommandFailure`` when a setting is missing or the secret key cannot be used.
    func accounts() throws -> AccountBackend? {
        guard configuration[Settings.accounts] == .on else { return nil }
        let keys = try KeyRing(of: given, in: data, identifiers: identifiers)
        return AccountBackend(
            configuration, desk: desk, store: store, clock: clock, identifiers: identifiers, keys: keys,
            settings: settings, mailer: try mailer(), catalog: catalog,
            media: media,
            log: log)
    }

    /// What writes to people when their tasks end; nothing without accounts.
    ///
    /// - Throws: ``CommandFailure`` when a setting is missing.
    func letterCarriers() throws -> [any JobHandler] {
        guard configuration[Settings.accounts] == .on else { return [] }
        return [MailTaskEnd(store: store, mailer: try mailer(), letters: Letters(of: configuration))]
    }

    /// Says so when others of this machine can read what people keep to themselves.
    func warnOfReaders() {
        guard data.isOpenToOthers else { return }
        log.write(
            .warning, "others of this machine may read the data folder",
            ["remedy": .text("chmod 700 \(data.path)")])
    }

    /// Gives the first administrator what the local user has, where people have to sign in.
    func inheritLocalThings() async throws {
        switch try await InheritLocalThings(desk: desk, owners: owners)() {
        case .nothing: return
        case .inherited(let heir):
            log.write(
                .info, "what was made without accounts is an administrator's now", ["user": "\(heir)"])
        case .postponed:
            log.write(
                .warning, "what was made without accounts is handed over at the next start",
                ["reason": "a command works on it"])
        }
    }

    /// Says how to make an administrator, where people have to sign in and nobody can let them.
    func warnWithoutAdministrator() throws {
        let now = clock.now()
        let count = try store.read { try $0.users.administrators(otherThan: User.local, at: now) }
        guard count == 0 else { return }
        log.write(
            .warning, "there is no administrator",
            ["remedy": "cutroom user create --admin USERNAME EMAIL, with the same settings"])
    }

    private func mailer() throws(CommandFailure) -> any Mailer {
        guard let server = configuration[Settings.mailServer] else {
            return LogMailer(log, showsText: !configuration.isReachedByOthers)
        }
        guard let sender = configuration[Settings.mailSender] else {
            // What an administrator has set must not keep the server from starting.
            guard configuration.origin(of: Settings.mailServer) != .administrator else {
                log.write(.error, "mail_from is missing: mail goes to the log")
                return LogMailer(log, showsText: !configuration.isReachedByOthers)
            }
            throw CommandFailure(
                line: "mail_from is missing: with smtp_url it says who mail comes from", status: .wrongUsage)
        }
        return SMTPMailer(
            server: server, upstream: upstreams.named("mail"), sender: sender, clock: clock,
            identifiers: identifiers)
    }
}

extension KeyRing {
    /// The key that is set, or that of the data folder, made at its first use.
    ///
    /// - Throws: ``CommandFailure`` when it cannot be used.
    init(of configuration: Configuration, in data: DataFolder, identifiers: IdentifierMaker)
        throws(CommandFailure)
    {
        if let text = configuration[Settings.secretKey] {
            do {
                self = try KeyRing(Array(text.utf8))
            } catch {
                throw CommandFailure(
                    line: "\(Settings.secretKey.declaration.variable) cannot be used: \(error)",
                    status: .wrongUsage)
            }
        } else {
            do {
                self = try SecretFile(path: data.secretKey, identifiers: identifiers)
                    .withContents(orMaking: KeyRing.make) { try KeyRing($0) }
            } catch {
                throw CommandFailure(line: "\(data.secretKey) cannot be used: \(error)")
            }
        }
    }
}
