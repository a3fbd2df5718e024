import Application
import Domain

extension StoreConformance {
    static let access: [ConformanceRule<any Store>] = sessions + keys + voidKeys + tokens

    private static let sessions: [ConformanceRule<any Store>] = [
        ConformanceRule("a session is found by each of its refresh tokens, with the place of the token") {
            store in
            let first = Sample.session(1, of: 1)
            var later = first
            _ = later.refresh(with: 0, at: Sample.now + .seconds(60))
            try await store.write { [later] writer in
                try writer.userWriter.insert(Sample.user(1))
                try writer.sessionWriter.insert(first, refreshToken: Sample.token(1))
                try writer.sessionWriter.update(later, refreshToken: Sample.token(2))
            }
            _ = later.revoke(.tokenReused, at: Sample.now + .seconds(61))
            try await store.write { [later] in try $0.sessionWriter.update(later, refreshToken: nil) }
            try await expect(throws: isConflict, "an earlier version was taken") {
                try await store.write { try $0.sessionWriter.update(first, refreshToken: nil) }
            }
            try store.read { reader in
                try expect(try reader.sessions.find(first.id), is: later, "the session")
                for generation in [0, 1] {
                    let found = try reader.sessions.find(refreshToken: Sample.token(generation + 1))
                    try expect(found?.session, is: later, "the session of a token")
                    try expect(found?.generation, is: generation, "the place of the token")
                }
                try expect(
                    try reader.sessions.find(refreshToken: Sample.token(3)) == nil, "a token was invented")
            }
        },
        ConformanceRule("a session may have several refresh tokens of one generation") { store in
            let session = Sample.session(1, of: 1)
            try await store.write { writer in
                try writer.userWriter.insert(Sample.user(1))
                try writer.sessionWriter.insert(session, refreshToken: Sample.token(1))
                try writer.sessionWriter.add(refreshToken: Sample.token(2), to: session)
            }
            for number in [1, 2] {
                let found = try store.read { try $0.sessions.find(refreshToken: Sample.token(number)) }
                try expect(found?.session, is: session, "the session of a token")
                try expect(found?.generation, is: session.generation, "the generation of a token")
            }
        },
        ConformanceRule("a refresh token is never given out twice") { store in
            try await store.write { writer in
                try writer.userWriter.insert(Sample.user(1))
                try writer.sessionWriter.insert(Sample.session(1, of: 1), refreshToken: Sample.token(1))
            }
            try await expect(throws: isConflict, "a second session has the token of the first") {
                try await store.write {
                    try $0.sessionWriter.insert(Sample.session(2, of: 1), refreshToken: Sample.token(1))
                }
            }
            try expect(try store.read { try $0.sessions.find(Sample.id(2)) }, is: nil, "the second session")
        },
        ConformanceRule("the sessions that go on are listed, newest first, those of others and the ended not")
        {
            store in
            var ended = Sample.session(3, of: 1)
            _ = ended.revoke(.signedOut, at: Sample.now)
            let old = Sample.session(4, of: 1, at: Sample.now - Session.idleLimit)
            let others = [
                Sample.session(1, of: 1), ended, old, Sample.session(5, of: 2), Sample.session(6, of: 1),
            ]
            try await store.write { writer in
                for number in [1, 2] { try writer.userWriter.insert(Sample.user(number)) }
                for (number, session) in others.enumerated() {
                    try writer.sessionWriter.insert(session, refreshToken: Sample.token(number))
                }
            }
            let active = try store.read { try $0.sessions.active(of: Sample.id(1), at: Sample.now) }
            try expect(active, is: [others[4], others[0]], "the sessions that go on")
        },
        ConformanceRule(
            "sessions that were over long ago are forgotten with their tokens, not more than asked"
        ) {
            store in
            // Each has two tokens: the first ended by itself, the second was ended, the third goes on.
            try await store.write { writer in
                try writer.userWriter.insert(Sample.user(1))
                for number in 1...3 {
                    let start = number == 1 ? Sample.now - Session.idleLimit : Sample.now
                    var session = Sample.session(number, of: 1, at: start)
                    try writer.sessionWriter.insert(session, refreshToken: Sample.token(number * 10))
                    _ = session.refresh(with: 0, at: start)
                    try writer.sessionWriter.update(session, refreshToken: Sample.token(number * 10 + 1))
                    guard number == 2 else { continue }
                    _ = session.revoke(.ended, at: start)
                    try writer.sessionWriter.update(session, refreshToken: nil)
                }
            }
            var forgotten: [Int] = []
            for _ in 1...4 {
                forgotten += [
                    try await store.write {
                        try $0.sessionWriter.forget(overBefore: Sample.now + .milliseconds(1), limit: 3)
                    }
                ]
            }
            try expect(forgotten.reduce(0, +), is: 6, "how many sessions and tokens were forgotten")
            try expect(forgotten.allSatisfy { $0 <= 3 }, "more than asked were forgotten: \(forgotten)")
            try store.read { reader in
                for number in 1...3 {
                    let isKept = number == 3
                    try expect(
                        try reader.sessions.find(Sample.id(number)) != nil, is: isKept, "whether it is kept")
                    for token in [number * 10, number * 10 + 1] {
                        let found = try reader.sessions.find(refreshToken: Sample.token(token))
                        try expect(found != nil, is: isKept, "whether the token is kept")
                    }
                }
            }
        },
    ]

    private static let keys: [ConformanceRule<any Store>] = [
        ConformanceRule("a key is found by identifier and hash; a user's keys are listed newest first") {
            store in
            let keys = [
                try Sample.key(1, of: 1, expiresAt: Sample.now + .seconds(60)), try Sample.key(2, of: 2),
                try Sample.key(3, of: 1),
            ]
            var revoked = keys[0]
            _ = try revoked.rename(to: "Другой", at: Sample.now)
            _ = revoked.revoke(at: Sample.now + .seconds(1))
            try await store.write { [revoked] writer in
                for key in keys { try writer.keyWriter.insert(key) }
                try writer.keyWriter.update(revoked)
            }
            try await expect(throws: isConflict, "an earlier version was taken") {
                try await store.write { try $0.keyWriter.update(keys[0]) }
            }
            try store.read { reader in
                try expect(try reader.keys.find(revoked.id), is: revoked, "the key")
                try expect(try reader.keys.find(hash: keys[1].hash), is: keys[1], "the key by its hash")
                try expect(try reader.keys.find(hash: Sample.token(9)), is: nil, "a key that nobody made")
                try expect(try reader.keys.all(of: Sample.id(1)), is: [keys[2], revoked], "a user's keys")
            }
        },
        ConformanceRule("the last use of a key only ever moves on, whoever changes the key meanwhile") {
            store in
            let id = Sample.id(1, APIKey.self)
            try await store.write { try $0.keyWriter.insert(Sample.key(1, of: 1)) }
            var renamed = try Sample.key(1, of: 1)
            _ = try renamed.rename(to: "renamed", at: Sample.now)
            for (seconds, latest) in [(60, 60), (30, 60), (90, 90)] {
                try await store.write { try $0.keyWriter.noteUse(of: id, at: Sample.now + .seconds(seconds)) }
                let key = try store.read { try $0.keys.find(id) }
                try expect(key?.lastUsedAt, is: Sample.now + .seconds(latest), "the last use")
                try expect(key?.version, is: 1, "the version, which a use does not change")
            }
            try await store.write { [renamed] writer in
                try writer.keyWriter.update(renamed)
                try writer.keyWriter.noteUse(of: Sample.id(2), at: Sample.now)
            }
            let key = try store.read { try $0.keys.find(id) }
            try expect(key?.name, is: "renamed", "the name")
            try expect(key?.lastUsedAt, is: Sample.now + .seconds(90), "the last use after a change")
            _ = renamed.use(at: Sample.now + .seconds(120))
            _ = renamed.revoke(at: Sample.now)
            try await store.write { [renamed] in try $0.keyWriter.update(renamed) }
            try expect(try store.read { try $0.keys.find(id) }, is: renamed, "the key with a later use")
        },
    ]

    private static let voidKeys: [ConformanceRule<any Store>] = [
        ConformanceRule("keys are counted as long as they work, and of the void ones the newest remembered") {
            store in
            let end = Sample.now + .seconds(60)
            // Two that work, one of them for a minute, two revoked, two expired, and one of someone else.
            try await store.write { writer in
                for number in 1...6 {
                    let expiresAt = [2: end, 5: Sample.now + .seconds(1), 6: Sample.now + .seconds(2)][number]
                    var key = try Sample.key(number, of: 1, expiresAt: expiresAt)
                    try writer.keyWriter.insert(key)
                    guard (3...4).contains(number) else { continue }
                    _ = key.revoke(at: Sample.now + .seconds(number))
                    try writer.keyWriter.update(key)
                }
                try writer.keyWriter.insert(Sample.key(7, of: 2))
            }
            let last = end - .milliseconds(1)
            try store.read { reader in
                try expect(
                    try reader.keys.countActive(of: Sample.id(1), at: Sample.now), is: 4, "the first count")
                try expect(try reader.keys.countActive(of: Sample.id(1), at: last), is: 2, "a later count")
                try expect(try reader.keys.countActive(of: Sample.id(1), at: end), is: 1, "the last count")
                try expect(try reader.keys.countActive(of: Sample.id(3), at: end), is: 0, "nobody's keys")
            }
            try await store.write {
                try $0.keyWriter.forgetVoid(of: Sample.id(1), keeping: 3, at: last)
            }
            func left() throws -> [Int] {
                try store.read { reader in
                    try (1...7).filter { try reader.keys.find(Sample.id($0, APIKey.self)) != nil }
                }
            }
            try expect(try left(), is: [1, 2, 4, 5, 6, 7], "what is left but for the oldest void one")
            let forgotten = try await store.write { writer in
                [
                    try writer.keyWriter.forget(voidBefore: Sample.now + .seconds(4), limit: 1),
                    try writer.keyWriter.forget(voidBefore: Sample.now + .seconds(4), limit: 5),
                    try writer.keyWriter.forget(voidBefore: Sample.now + .milliseconds(4001), limit: 5),
                ]
            }
            try expect(forgotten, is: [1, 1, 1], "how many were forgotten")
            try expect(try left(), is: [1, 2, 7], "what works")
        }
    ]

    private static let tokens: [ConformanceRule<any Store>] = [
        ConformanceRule(
            "an invitation in any state is read back, by identifier and hash; lists are newest first"
        ) { store in
            let email = try EmailAddress("guest@example.org")
            var invitations = [
                try Sample.invitation(1), try Sample.invitation(2, email: email), try Sample.invitation(3),
            ]
            try await store.write { [invitations] writer in
                for invitation in invitations { try writer.invitationWriter.insert(invitation) }
            }
            let stale = invitations[1]
            _ = try invitations[1].accept(by: Sample.id(7), email: email, at: Sample.now)
            _ = try invitations[2].withdraw(at: Sample.now)
            try await store.write { [invitations] writer in
                try writer.invitationWriter.update(invitations[1])
                try writer.invitationWriter.update(invitations[2])
            }
            try await expect(throws: isConflict, "an earlier version was taken") {
                try await store.write { try $0.invitationWriter.update(stale) }
            }
            try store.read { reader in
                for invitation in invitations {
                    try expect(try reader.invitations.find(invitation.id), is: invitation, "the invitation")
                    let found = try reader.invitations.find(hash: invitation.hash)
                    try expect(found, is: invitation, "the invitation by its hash")
                }
                let page = try reader.invitations.page(limit: 2, before: nil)
                try expect(page.items, is: [invitations[2], invitations[1]], "the first page")
                let last = try reader.invitations.page(limit: 2, before: page.next)
                try expect(last, is: Page(items: [invitations[0]], next: nil), "the last page")
            }
        },
        ConformanceRule("of the tokens that were mailed only the last of each kind is kept") { store in
            let email = try EmailAddress("a@example.org")
            let other = try EmailAddress("b@example.org")
            @Sendable func token(_ number: Int, _ purpose: MailedToken.Purpose, of user: Int = 1)
                -> MailedToken
            {
                MailedToken(for: purpose, of: Sample.id(user), hash: Sample.token(number), at: Sample.now)
            }
            var reset = token(2, .passwordReset)
            let kept = [
                token(4, .emailVerification(other)), token(5, .passwordReset, of: 2),
            ]
            try await store.write { [reset] writer in
                for number in [1, 2] { try writer.userWriter.insert(Sample.user(number)) }
                for token in [token(1, .passwordReset), reset, token(3, .emailVerification(email))] + kept {
                    try writer.mailedTokenWriter.insert(token)
                }
            }
            try reset.redeem(at: Sample.now + .seconds(1))
            try await store.write { [reset] in try $0.mailedTokenWriter.update(reset) }
            try store.read { reader in
                for token in kept + [reset] {
                    try expect(try reader.mailedTokens.find(hash: token.hash), is: token, "the token")
                }
                for number in [1, 3, 9] {
                    let found = try reader.mailedTokens.find(hash: Sample.token(number))
                    try expect(found, is: nil, "a token that was replaced")
                }
            }
            try await store.write { [reset] writer in
                try writer.mailedTokenWriter.forgetAll(of: Sample.id(1))
                try writer.mailedTokenWriter.update(reset)
            }
            try store.read { reader in
                for (token, isKept) in [(reset, false), (kept[0], false), (kept[1], true)] {
                    let found = try reader.mailedTokens.find(hash: token.hash)
                    try expect(found != nil, is: isKept, "whether the token is kept")
                }
            }
        },
        ConformanceRule("of a user's mailed tokens those for a new password are forgotten alone") { store in
            let email = try EmailAddress("a@example.org")
            let tokens = [
                MailedToken(
                    for: .passwordReset, of: Sample.id(1), hash: Sample.token(1), at: Sample.now),
                MailedToken(
                    for: .emailVerification(email), of: Sample.id(1), hash: Sample.token(2), at: Sample.now),
                MailedToken(
                    for: .passwordReset, of: Sample.id(2), hash: Sample.token(3), at: Sample.now),
            ]
            try await store.write { writer in
                for number in [1, 2] { try writer.userWriter.insert(Sample.user(number)) }
                for token in tokens { try writer.mailedTokenWriter.insert(token) }
                try writer.mailedTokenWriter.forgetPasswordResets(of: Sample.id(1))
            }
            try store.read { reader in
                for (token, isKept) in zip(tokens, [false, true, true]) {
                    let found = try reader.mailedTokens.find(hash: token.hash)
                    try expect(found != nil, is: isKept, "whether the token is kept")
                }
            }
        },
        ConformanceRule("mailed tokens that have expired are forgotten, not more than asked") { store in
            try await store.write { writer in
                for number in 1...4 {
                    try writer.userWriter.insert(Sample.user(number))
                    try writer.mailedTokenWriter.insert(
                        MailedToken(
                            for: .passwordReset, of: Sample.id(number), hash: Sample.token(number),
                            at: Sample.now - .seconds(number)))
                }
            }
            let moment = Sample.now + MailedToken.Purpose.passwordReset.lifetime - .seconds(1)
            let forgotten = try await store.write { writer in
                [
                    try writer.mailedTokenWriter.forget(expiredBefore: moment, limit: 2),
                    try writer.mailedTokenWriter.forget(expiredBefore: moment, limit: 2),
                ]
            }
            try expect(forgotten, is: [2, 1], "how many were forgotten")
            let left = try store.read { try $0.mailedTokens.find(hash: Sample.token(1)) }
            try expect(left != nil, "a token was forgotten too early")
        },
        ConformanceRule("failed attempts are counted for each subject, until they are cleared or old") {
            store in
            let name = SignInSubject.name("ada@example.org")
            let subjects = [
                name, .name("Ada"), .name("ada"), .address(Sample.address),
                .address(NetworkAddress(version4: 0xC000_0201)),
            ]
            try await store.write { writer in
                for (number, subject) in subjects.enumerated() {
                    let throttle = SignInThrottle(
                        failures: number + 1, lastFailureAt: Sample.now - .seconds(number))
                    try writer.throttleWriter.put(
                        SignInThrottle(failures: 1, lastFailureAt: nil), for: subject)
                    try writer.throttleWriter.put(throttle, for: subject)
                }
            }
            try store.read { reader in
                for (number, subject) in subjects.enumerated() {
                    try expect(try reader.throttles.find(subject).failures, is: number + 1, "the failures")
                }
                let unknown = try reader.throttles.find(.name("nobody"))
                try expect(unknown, is: SignInThrottle(), "the count for one who never tried")
            }
            let forgotten = try await store.write { writer in
                try writer.throttleWriter.put(SignInThrottle(), for: name)
                return [
                    try writer.throttleWriter.forget(before: Sample.now - .seconds(1), limit: 2),
                    try writer.throttleWriter.forget(before: Sample.now - .seconds(1), limit: 2),
                ]
            }
            try expect(forgotten, is: [2, 1], "how many were forgotten")
            try store.read { reader in
                try expect(
                    try reader.throttles.find(name), is: SignInThrottle(), "the count that was cleared")
                try expect(try reader.throttles.find(subjects[1]).failures, is: 2, "the count that is young")
            }
        },
    ]
}
