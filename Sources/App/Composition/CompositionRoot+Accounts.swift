import Application
import Domain
import Infrastructure

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
        return AccountBackend(
            configuration, desk: desk, store: store, clock: clock, identifiers: identifiers,
            keys: try keyRing(), mailer: try mailer(), log: log)
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

    /// The key that is set, or that of the data folder, made at its first use.
    func keyRing() throws -> KeyRing {
        if let text = configuration[Settings.secretKey] {
            do {
                return try KeyRing(Array(text.utf8))
            } catch {
                throw CommandFailure(
                    line: "\(Settings.secretKey.declaration.variable) cannot be used: \(error)",
                    status: .wrongUsage)
            }
        }
        do {
            return try SecretFile(path: data.secretKey, identifiers: identifiers)
                .withContents(orMaking: KeyRing.make) { try KeyRing($0) }
        } catch {
            throw CommandFailure(line: "\(data.secretKey) cannot be used: \(error)")
        }
    }

    private func mailer() throws(CommandFailure) -> any Mailer {
        guard let server = configuration[Settings.mailServer] else { return LogMailer(log) }
        guard let sender = configuration[Settings.mailSender] else {
            throw CommandFailure(
                line: "mail_from is missing: with smtp_url it says who mail comes from", status: .wrongUsage)
        }
        return SMTPMailer(server: server, sender: sender, clock: clock, identifiers: identifiers)
    }
}
