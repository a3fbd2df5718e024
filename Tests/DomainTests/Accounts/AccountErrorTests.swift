import Domain
import Testing

@Suite("The rules of accounts, as they are refused")
struct AccountErrorTests {
    /// One value of every case.
    static var all: [any CodedError] {
        let user: [UserError] = [
            .deleted, .inactive, .suspended(until: nil), .alreadyActive, .notSuspended, .suspensionReason,
            .suspensionEnd, .lastAdministrator, .otherAddress,
        ]
        let credit: [CreditError] = [
            .insufficient(needed: 2, available: 1), .amount, .balanceTooLarge, .holdEnded,
            .holdTooSmall(remaining: 1), .refundTooLarge(refundable: 1), .otherLedger, .reason, .overdrawn,
            .entriesDisagree(number: 1), .rates,
        ]
        let quota: [QuotaError] = [
            .sourceTooLong(limit: .seconds(60)), .tooManyTasks(limit: 1), .storageFull(limit: 1),
            .dailyLimit(3, until: People.now),
        ]
        let key: [APIKeyError] = [.name, .noScope, .scope(.admin), .expiry, .tooMany, .revoked, .expired]
        let signIn: [SignInError] = [
            .wrong, .throttled(until: People.now, isLocked: false),
            .throttled(until: People.now, isLocked: true),
        ]
        let quality: [QualityError] = [
            .side, .aspect, .level(.low), .bitrate(limit: 1), .frameRate(limit: 1),
        ]
        let plain: [any CodedError] =
            ProfileError.allCases + EmailAddressError.allCases + TierError.allCases
            + PasswordError.allCases + SessionError.allCases + InvitationError.allCases
            + MailedTokenError.allCases
        return plain + user + credit + quota + key + signIn + quality
            + [AccessError.missingScope(.tasksRead)]
    }

    @Test("A17: every rule has a code of its own")
    func codes() {
        let codes = Self.all.map(\.code)
        #expect(Set(codes).count == codes.count)
        #expect(codes.count > 60)
        for code in codes {
            #expect(code.utf8.allSatisfy { $0 == UInt8(ascii: "_") || $0 >= UInt8(ascii: "a") }, "\(code)")
        }
    }

    @Test("A17: every rule is explained in a sentence that shows no code and no name of a type")
    func explanations() {
        for error in Self.all {
            #expect(error.explanation.last == "." || error.explanation.hasSuffix("xn--…"), "\(error)")
            for leak in [error.code, "Optional(", "ClosedRange", "Duration"] {
                #expect(!error.explanation.contains(leak), "\(error.explanation)")
            }
        }
    }

    @Test("the sentences name the numbers of the rules")
    func numbers() {
        #expect(ProfileError.usernameLength.explanation == "A username has 3–50 characters.")
        #expect(PasswordError.tooShort.explanation == "A password has at least 8 characters.")
        #expect(TierError.concurrentTasks.explanation == "A plan has 1–1000 tasks at once.")
        #expect(APIKeyError.tooMany.explanation.contains("25"))
        #expect(TierError.longestSource.explanation.contains("1–86400 seconds"))
    }
}
