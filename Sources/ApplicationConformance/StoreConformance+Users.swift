import Application
import Domain

extension StoreConformance {
    static let users: [ConformanceRule<any Store>] = [
        ConformanceRule("a user in any state is read back as it was written, by each name it has") { store in
            let users = try Sample.usersInEveryState()
            for user in users {
                try await store.write { try $0.userWriter.insert(user) }
            }
            try store.read { reader in
                for user in users {
                    try expect(try reader.users.find(user.id), is: user, "the user")
                    guard let profile = user.profile else { continue }
                    let shouted = Username(stored: profile.username.text.uppercased())
                    try expect(try reader.users.find(username: shouted), is: user, "the user by name")
                    try expect(try reader.users.find(email: profile.email), is: user, "the user by address")
                }
                try expect(try reader.users.find(Sample.id(99)), is: nil, "a user whom nobody made")
                try expect(
                    try reader.users.find(username: Username("user5")), is: nil,
                    "the name of the deleted user")
                let counts: [User.State.Name: Int] = [.active: 1, .inactive: 1, .suspended: 2, .deleted: 1]
                try expect(try reader.users.counts(), is: counts, "the counts")
            }
        },
        ConformanceRule("a later version of a user replaces the earlier one, an earlier one never a later") {
            store in
            let first = try Sample.user(1)
            var later = first
            _ = try later.rename(to: Username("renamed"), at: Sample.now)
            _ = try later.change(role: .admin, otherAdministrators: 0, at: Sample.now)
            _ = try later.change(firstName: nil, lastName: PersonName("Ngũgĩ"), at: Sample.now)
            _ = try later.suspend(because: "x", until: nil, otherAdministrators: 1, at: Sample.now)
            try await store.write { [later] writer in
                try writer.userWriter.insert(first)
                try writer.userWriter.update(later)
            }
            for stale in [first, later] {
                try await expect(throws: isConflict, "an earlier version was taken") {
                    try await store.write { try $0.userWriter.update(stale) }
                }
            }
            try await expect(throws: isConflict, "a user was made twice") {
                try await store.write { try $0.userWriter.insert(first) }
            }
            try await expect(throws: isConflict, "a user whom nobody made was changed") {
                try await store.write { try $0.userWriter.update(Sample.user(2)) }
            }
            try store.read { reader in
                try expect(try reader.users.find(first.id), is: later, "the user")
                try expect(try reader.users.find(username: Username("user1")), is: nil, "the old name")
                try expect(try reader.users.counts(), is: [.suspended: 1], "the counts")
            }
        },
        ConformanceRule("two users never share a name or an address; those of a deleted one are free") {
            store in
            var doomed = try Sample.user(1, name: "Straße")
            let heir = try Sample.user(3, name: "STRASSE")
            var namesake = try Sample.user(2)
            _ = try namesake.rename(to: Username("strasse"), at: Sample.now)
            let address = try EmailAddress("user1@example.org")
            let neighbour = User.register(
                id: Sample.id(4), profile: Profile(username: try Username("user4"), email: address),
                at: Sample.now
            ).user
            var mover = try Sample.user(2)
            _ = try mover.change(email: address, at: Sample.now)
            try await store.write { [doomed] writer in
                try writer.userWriter.insert(doomed)
                try writer.userWriter.insert(Sample.user(2))
            }
            let attempts: [(UserConflict, @Sendable (any UserWriter) throws -> Void)] = [
                (.username, { try $0.insert(heir) }), (.username, { [namesake] in try $0.update(namesake) }),
                (.email, { try $0.insert(neighbour) }), (.email, { [mover] in try $0.update(mover) }),
            ]
            for (conflict, attempt) in attempts {
                try await expect(throws: { $0 as? UserConflict == conflict }, "\(conflict) was shared") {
                    try await store.write { try attempt($0.userWriter) }
                }
            }
            _ = try doomed.delete(otherAdministrators: 0, at: Sample.now)
            try await store.write { [doomed] writer in
                try writer.userWriter.update(doomed)
                try writer.userWriter.insert(heir)
            }
            let found = try store.read { try $0.users.find(username: Username("straße")) }
            try expect(found, is: heir, "who has the name of the deleted user")
        },
        ConformanceRule(
            "users are listed newest first, by what name or address begins with, without the deleted"
        ) { store in
            let names = ["anna", "Annabel", "bob", "ann.x", "zoë"]
            for (number, name) in names.enumerated() {
                let email = try EmailAddress(number == 2 ? "anneliese@example.org" : "u\(number)@example.org")
                let profile = Profile(username: try Username(name), email: email)
                let user = User.register(id: Sample.id(number), profile: profile, at: Sample.now).user
                try await store.write { try $0.userWriter.insert(user) }
            }
            var deleted = try Sample.user(9, name: "annihilated")
            _ = try deleted.delete(otherAdministrators: 0, at: Sample.now)
            try await store.write { [deleted] in try $0.userWriter.insert(deleted) }
            func expectPages(_ text: String?, _ expected: [[Int]]) throws {
                var cursor: Identifier<User>?
                for numbers in expected {
                    let page = try store.read { try $0.users.page(matching: text, limit: 2, before: cursor) }
                    let ids = numbers.map { Sample.id($0, User.self) }
                    try expect(page.items.map(\.id), is: ids, "a page of \(text ?? "all")")
                    cursor = page.next
                }
                try expect(cursor, is: nil, "what follows the last page of \(text ?? "all")")
            }
            try expectPages(nil, [[4, 3], [2, 1], [0]])
            try expectPages("", [[4, 3], [2, 1], [0]])
            try expectPages("ann", [[3, 2], [1, 0]])
            try expectPages("anna", [[1, 0]])
            try expectPages("zoe", [[]])
            try expectPages("zo", [[4]])
            try expectPages("%", [[]])
        },
        ConformanceRule("administrators are counted who can act, the one in question left out") { store in
            func administrator(_ number: Int, _ change: (inout User) throws -> [AccountEvent]) throws -> User
            {
                var user = try Sample.user(number, role: .admin)
                _ = try change(&user)
                return user
            }
            let end = Sample.now + .seconds(60)
            let users = [
                try Sample.user(1, role: .admin), try Sample.user(2, role: .admin), try Sample.user(3),
                try administrator(4) { try $0.deactivate(otherAdministrators: 9, at: Sample.now) },
                try administrator(5) { user in
                    try user.suspend(because: "x", until: end, otherAdministrators: 9, at: Sample.now)
                },
                try administrator(6) { user in
                    try user.suspend(because: "x", until: nil, otherAdministrators: 9, at: Sample.now)
                },
                try administrator(7) { try $0.delete(otherAdministrators: 9, at: Sample.now) },
            ]
            for user in users { try await store.write { try $0.userWriter.insert(user) } }
            func count(besides number: Int, at now: Timestamp) throws -> Int {
                try store.read { try $0.users.administrators(otherThan: Sample.id(number), at: now) }
            }
            try expect(try count(besides: 1, at: Sample.now), is: 1, "administrators besides the first")
            try expect(try count(besides: 3, at: Sample.now), is: 2, "administrators besides a user")
            try expect(try count(besides: 3, at: end), is: 3, "administrators once a suspension has ended")
            try expect(
                try store.read { try $0.users.firstAdministrator(at: Sample.now) }, is: users[0].id,
                "the administrator who was made first")
        },
        ConformanceRule("the first administrator is the first who can act, and nobody where none can") {
            store in
            func first(at now: Timestamp) throws -> Identifier<User>? {
                try store.read { try $0.users.firstAdministrator(at: now) }
            }
            let end = Sample.now + .seconds(60)
            var suspended = try Sample.user(1, role: .admin)
            _ = try suspended.suspend(because: "x", until: end, otherAdministrators: 9, at: Sample.now)
            let users = [suspended, try Sample.user(2), try Sample.user(3, role: .admin)]
            for user in users.prefix(2) { try await store.write { try $0.userWriter.insert(user) } }
            try expect(try first(at: Sample.now), is: nil, "the first where nobody can act")
            try await store.write { try $0.userWriter.insert(users[2]) }
            try expect(try first(at: Sample.now), is: users[2].id, "the first who can act")
            try expect(try first(at: end), is: users[0].id, "the first once a suspension has ended")
        },
        ConformanceRule("the hash of a password is kept, replaced and taken away") { store in
            let user = try Sample.user(1)
            try await store.write { try $0.userWriter.insert(user) }
            for hash in [nil, PasswordHash("$argon2id$one"), PasswordHash("$argon2id$two"), nil] {
                try await store.write { try $0.userWriter.setPasswordHash(hash, of: user.id) }
                let found = try store.read { try $0.users.passwordHash(of: user.id) }
                try expect(found?.text, is: hash?.text, "the hash")
            }
            try await expect(throws: isConflict, "a password without a user was kept") {
                try await store.write {
                    try $0.userWriter.setPasswordHash(PasswordHash("x"), of: Sample.id(2))
                }
            }
        },
    ]

    /// Whether somebody else came first.
    static func isConflict(_ error: any Error) -> Bool {
        if case .conflict? = error as? PortError { true } else { false }
    }
}
