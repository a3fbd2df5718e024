import Application
import Domain

extension StoreConformance {
    static let preferences: [ConformanceRule<any Store>] = [
        ConformanceRule("preferences are each user's own, and the last choice is kept") { store in
            let chosen = try Preferences(
                formats: [.square, .vertical], captionTemplate: nil,
                captionChanges: CaptionChanges(
                    font: "Größe", size: 0.05, colour: .init(red: 255, green: 0, blue: 7, opacity: 9)),
                notifiesByMail: true)
            try await store.write { writer in
                for preferences in [.ordinary, chosen] {
                    try writer.preferencesWriter.put(preferences, of: Sample.id(1))
                }
                try writer.preferencesWriter.put(.ordinary, of: Sample.id(2))
            }
            try store.read { reader in
                try expect(try reader.preferences.find(Sample.id(1)), is: chosen, "the last choice")
                try expect(try reader.preferences.find(Sample.id(2)), is: .ordinary, "another's choice")
                try expect(try reader.preferences.find(Sample.id(3)), is: nil, "no choice")
            }
            try await store.write { try $0.preferencesWriter.forget(Sample.id(1)) }
            try store.read { reader in
                try expect(try reader.preferences.find(Sample.id(1)), is: nil, "a forgotten choice")
                try expect(try reader.preferences.find(Sample.id(2)), is: .ordinary, "another's choice")
            }
        },
        ConformanceRule("what was mailed of late is counted for each user and kind, until it is cleared") {
            store in
            let allowance = MailAllowance(since: Sample.now, count: 2)
            try await store.write { writer in
                for count in [1, 2] {
                    try writer.mailedTokenWriter.put(
                        MailAllowance(since: Sample.now, count: count), of: Sample.id(1),
                        for: .passwordReset)
                }
            }
            try store.read { reader in
                for (user, kind, expected) in [
                    (1, MailedToken.Kind.passwordReset, allowance),
                    (1, .emailVerification, MailAllowance()), (2, .passwordReset, MailAllowance()),
                ] {
                    let found = try reader.mailedTokens.allowance(of: Sample.id(user), for: kind)
                    try expect(found, is: expected, "what was mailed to \(user)")
                }
            }
            try await store.write {
                try $0.mailedTokenWriter.put(MailAllowance(), of: Sample.id(1), for: .passwordReset)
            }
            let left = try store.read { try $0.mailedTokens.allowance(of: Sample.id(1), for: .passwordReset) }
            try expect(left, is: MailAllowance(), "what was cleared")
        },
        ConformanceRule("uploads are walked through in order, page after page, without others'") { store in
            let uploads = (1...5).map { Sample.upload($0, owner: Sample.id($0 == 3 ? 2 : 1)) }
            try await store.write { writer in
                for upload in uploads.reversed() { try writer.uploadWriter.insert(upload) }
            }
            var seen: [Identifier<Upload>] = []
            for _ in 1...3 {
                let page = try store.read {
                    try $0.uploads.page(of: Sample.id(1), limit: 2, after: seen.last)
                }
                seen += page.map(\.id)
            }
            try expect(seen, is: [1, 2, 4, 5].map { uploads[$0 - 1].id }, "the walk")
        },
    ]

    static let departures: [ConformanceRule<any Store>] = [
        ConformanceRule("a user's sessions are listed with the ended ones, and go with all their tokens") {
            store in
            var ended = Sample.session(1, of: 1)
            try await store.write { [ended] writer in
                for number in [1, 2] { try writer.userWriter.insert(Sample.user(number)) }
                try writer.sessionWriter.insert(ended, refreshToken: Sample.token(1))
                try writer.sessionWriter.insert(Sample.session(2, of: 1), refreshToken: Sample.token(2))
                try writer.sessionWriter.insert(Sample.session(3, of: 2), refreshToken: Sample.token(3))
            }
            _ = ended.revoke(.signedOut, at: Sample.now)
            try await store.write { [ended] in try $0.sessionWriter.update(ended, refreshToken: nil) }
            let all = try store.read { try $0.sessions.all(of: Sample.id(1)) }
            try expect(all, is: [Sample.session(2, of: 1), ended], "all sessions")
            try await store.write { try $0.sessionWriter.forgetAll(of: Sample.id(1)) }
            try store.read { reader in
                try expect(try reader.sessions.all(of: Sample.id(1)), is: [], "forgotten sessions")
                for (number, isKept) in [(1, false), (2, false), (3, true)] {
                    let found = try reader.sessions.find(refreshToken: Sample.token(number))
                    try expect(found != nil, is: isKept, "whether a token is kept")
                }
            }
        },
        ConformanceRule("a user's keys go at once, others' stay") { store in
            try await store.write { writer in
                try writer.keyWriter.insert(Sample.key(1, of: 1))
                try writer.keyWriter.insert(Sample.key(2, of: 2))
                try writer.keyWriter.forgetAll(of: Sample.id(1))
            }
            try store.read { reader in
                try expect(try reader.keys.find(hash: Sample.token(1)), is: nil, "a forgotten key")
                try expect(try reader.keys.find(Sample.id(2)), is: Sample.key(2, of: 2), "another's key")
            }
        },
        ConformanceRule("an invitation loses its address with the user who accepted it, and nothing else") {
            store in
            let email = try EmailAddress("guest@example.org")
            var accepted: [Invitation] = []
            for number in [1, 2] {
                var invitation = try Sample.invitation(number, email: email)
                _ = try invitation.accept(by: Sample.id(number), email: email, at: Sample.now)
                accepted.append(invitation)
            }
            let open = try Sample.invitation(3, email: email)
            try await store.write { [accepted] writer in
                for invitation in accepted + [open] { try writer.invitationWriter.insert(invitation) }
                try writer.invitationWriter.forgetAddress(of: Sample.id(1))
            }
            try store.read { reader in
                for expected in [accepted[0].withoutAddress, accepted[1], open] {
                    try expect(try reader.invitations.find(expected.id), is: expected, "the invitation")
                }
            }
        },
    ]
}
