import Application
import CSQLite
import Domain
import Infrastructure
import Testing

@Suite("the schema of accounts")
struct AccountSchemaTests {
    @Test("A44: the database allows exactly the states, kinds and reasons that the Domain draws")
    func states() async throws {
        try await withStore { store in
            #expect(try store.allowed("state", in: "users") == User.State.Name.allCases.map(\.rawValue))
            #expect(try store.allowed("role", in: "users") == Role.allCases.map(\.rawValue))
            #expect(
                try store.allowed("revocation", in: "sessions")
                    == Session.Revocation.Reason.allCases.map(\.rawValue))
            #expect(
                try store.allowed("kind", in: "credit_entries")
                    == CreditEntry.Kind.Name.allCases.map(\.rawValue))
            let schema = try store.schema(of: "tiers")
            let range = Job.priorities
            #expect(schema.contains("priority BETWEEN \(range.lowerBound) AND \(range.upperBound)"))
        }
    }

    @Test(
        "a row that contradicts its lifecycle is refused",
        arguments: [
            "UPDATE users SET state = 'deleted'",
            "UPDATE users SET deleted_at = 1",
            "UPDATE users SET username_key = NULL",
            "UPDATE users SET email = NULL",
            "UPDATE users SET suspended_until = 1",
            "UPDATE users SET role = 'root'",
            "UPDATE users SET tier = 'golden'",
            "DELETE FROM users",
            "UPDATE sessions SET revoked_at = 1",
            "UPDATE sessions SET revocation = 'ended'",
            "UPDATE sessions SET user = zeroblob(16)",
            "UPDATE refresh_tokens SET generation = -1",
            "UPDATE refresh_tokens SET hash = x'00'",
            "UPDATE api_keys SET hash = zeroblob(31)",
            "UPDATE invitations SET state = 'accepted'",
            "UPDATE invitations SET closed_at = 1",
            "UPDATE mailed_tokens SET email = 'a@example.org'",
            "UPDATE sign_in_throttles SET kind = 'address'",
            "UPDATE credit_ledgers SET available_monthly = -1",
            "UPDATE credit_ledgers SET available_bought = available_bought - 100",
            "UPDATE credit_ledgers SET held_bought = held_bought - 100",
            "UPDATE credit_entries SET monthly = 1000",
            "UPDATE credit_entries SET reason = 'another'",
            "UPDATE credit_entries SET reason = '', available = available + 1",
            "DELETE FROM credit_entries",
            "DELETE FROM credit_ledgers",
            "INSERT INTO credit_entries SELECT user, number + 9, at, kind, 0, 0, available, held, period, hold, "
                + "reason FROM credit_entries WHERE number = 1",
            "INSERT INTO credit_entries SELECT user, number + 9, at, kind, -1, 2, available, held, period, hold, "
                + "reason FROM credit_entries WHERE number = 1",
            "INSERT INTO credit_entries SELECT user, number + 9, at, kind, 1, 0, -1, held, period, hold, reason "
                + "FROM credit_entries WHERE number = 1",
            "INSERT INTO credit_entries SELECT * FROM credit_entries",
            "UPDATE credit_holds SET remaining_bought = bought + 1",
            "UPDATE credit_holds SET captured = 1",
            "UPDATE credit_holds SET refunded = 1",
            "UPDATE credit_holds SET remaining_bought = 0",
            "UPDATE credit_holds SET ended_at = 1",
            "INSERT INTO credit_holds SELECT randomblob(16), user, task, monthly, bought, period, "
                + "remaining_monthly, remaining_bought, captured, refunded, created_at, ended_at FROM credit_holds",
            "UPDATE audit_entries SET initiator = 'server'",
            "UPDATE audit_entries SET subject_kind = 'key'",
        ])
    func lifecycle(_ change: String) async throws {
        try await withStore { store in
            try await store.write { writer in
                let user = try StoreSample.user(1)
                try writer.userWriter.insert(user)
                let session = Session.start(
                    id: StoreSample.id(1), user: user.id, device: "x", at: StoreSample.now
                ).session
                try writer.sessionWriter.insert(session, refreshToken: StoreSample.token(1))
                try writer.keyWriter.insert(StoreSample.key(1))
                try writer.invitationWriter.insert(StoreSample.invitation(1))
                try writer.mailedTokenWriter.insert(
                    MailedToken(
                        for: .passwordReset, of: user.id, hash: StoreSample.token(1), at: StoreSample.now))
                try writer.throttleWriter.put(
                    SignInThrottle(failures: 1, lastFailureAt: StoreSample.now), for: .name("ada"))
                var ledger = CreditLedger(of: user.id)
                let grant = try ledger.grant(10, at: StoreSample.now)
                let (hold, held) = try ledger.hold(
                    4, as: StoreSample.id(1), for: StoreSample.id(1), at: StoreSample.now)
                try writer.creditWriter.append([grant, held], leadingTo: ledger)
                try writer.creditWriter.put(hold)
                try writer.auditWriter.append(
                    AuditEntry(
                        id: StoreSample.id(1), at: StoreSample.now, action: .keyIssued,
                        initiator: .user(user.id), subject: .user(user.id), address: nil, isSuccess: true))
            }
            let error = await #expect(throws: SQLiteError.self) {
                try await store.database.write { try $0.execute(change) }
            }
            #expect(error?.primaryCode == SQLITE_CONSTRAINT, "\(String(describing: error))")
        }
    }

    @Test("what is personal of a deleted user is nowhere in the row")
    func deleted() async throws {
        try await withStore { store in
            var user = try StoreSample.user(1)
            try await store.write { [user] in try $0.userWriter.insert(user) }
            _ = try user.delete(otherAdministrators: 0, at: StoreSample.now)
            try await store.write { [user] in try $0.userWriter.update(user) }
            let record = try store.database.read { session in
                try session.value("SELECT record FROM users", as: [UInt8].self)
            }
            #expect(record == [1, 0, 0], "the version of the record, no person, no suspension")
        }
    }

    @Test("A43: a store of the time before accounts gets them and keeps what it has")
    func migrated() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/store.db"
            do {
                let before = SQLiteStore(
                    database: try SQLiteDatabase(path: path, migrations: Array(Migrations.all.prefix(2))))
                try await before.database.write { session in
                    try session.execute(
                        """
                        INSERT INTO stored_answers (scope, key, fingerprint, status, location, body, created_at)
                        VALUES ('a', 'b', zeroblob(32), 201, '/', x'01', 1)
                        """)
                }
                before.database.close()
            }
            let store = try SQLiteStore(path: path)
            defer { store.database.close() }
            try await store.write { try $0.userWriter.insert(StoreSample.user(1)) }
            let answer = try store.read {
                try $0.answers.find(IdempotencyKey(caller: User.local, route: "a", key: "b"))
            }
            #expect(answer?.status == 201)
            #expect(try store.read { try $0.tiers.all() } == [.free, .premium])
            #expect(try store.read { try $0.users.counts() } == [.active: 1])
            #expect(try store.database.integrityProblems() == [])
        }
    }
}
