public import Domain
import Synchronization

/// Looks at what people write for spam, and for what they should rather keep to themselves, where an operator asks
/// for it.
///
/// Nothing is judged by its words. What is remembered to recognise repetitions are fingerprints of 64 bits, of so many
/// users as were last seen; it is in the memory of this process and forgotten with it. The texts themselves are written
/// nowhere.
public final class TextScreen: Sendable {
    /// How many users' last texts are remembered at least; at most it is twice as many, in about 2 MiB.
    static let rememberedUsers = 2048

    /// What a text was found wanting for.
    public enum Finding: Hashable, Sendable {
        /// It is like spam.
        case spam(SpamAssessment)
        /// It tells something that should not be told.
        case disclosure(Disclosure)
    }

    /// How often a rule was met, and what became of the texts.
    public struct Count: Hashable, Sendable {
        /// The name of the rule, a word of the program.
        public let rule: String
        /// Whether the texts were refused.
        public let isRefused: Bool
        /// How many texts.
        public let texts: Int
    }

    private struct Tally: Hashable {
        let rule: String
        let isRefused: Bool
    }

    private struct State {
        /// Two generations: when the younger is full, the older one is forgotten.
        var young: [Identifier<User>: RecentTexts] = [:]
        var old: [Identifier<User>: RecentTexts] = [:]
        var tallies: [Tally: Int] = [:]
    }

    private let spam: ScreeningMode
    private let disclosures: ScreeningMode
    private let now: @Sendable () -> Int64
    private let log: any Log
    private let state = Mutex(State())

    /// A screen that has seen nothing.
    ///
    /// - Parameters:
    ///   - spam: What is done about spam; nil is made where this and the next are `off`.
    ///   - disclosures: What is done about what should not be told.
    ///   - now: Tells the time in nanoseconds, by a clock that never goes back.
    ///   - log: Is told of every text that is found wanting, by the rules that it met.
    public init?(
        spam: ScreeningMode, disclosures: ScreeningMode, now: @escaping @Sendable () -> Int64, log: any Log
    ) {
        guard spam != .off || disclosures != .off else { return nil }
        self.spam = spam
        self.disclosures = disclosures
        self.now = now
        self.log = log
    }

    /// Looks at a text.
    ///
    /// - Parameters:
    ///   - place: Where in the request it stands, for the log.
    ///   - user: Who hands it in; nil for a stranger, whose texts are not compared with each other.
    ///   - trace: By what the request is found in the log.
    /// - Returns: What it is refused for; nothing where it is taken.
    public func look(
        at text: String, in place: String, of user: Identifier<User>?, trace: String
    ) -> [Finding] {
        var findings: [(finding: Finding, rules: [String], isRefused: Bool)] = []
        if spam != .off {
            let assessment = assess(text, of: user)
            if assessment.isSpam {
                findings.append(
                    (.spam(assessment), assessment.signals.map(\.rawValue), spam == .block))
            }
        }
        if disclosures != .off {
            findings += Disclosure.all(in: text).map { disclosure in
                (.disclosure(disclosure), [disclosure.kind.rawValue], disclosures == .block)
            }
        }
        for isRefused in [false, true] {
            tell(of: findings.filter { $0.isRefused == isRefused }.flatMap(\.rules), isRefused, place, trace)
        }
        return findings.filter(\.isRefused).map(\.finding)
    }

    /// What was counted so far, in the order of the rules' names.
    public var counts: [Count] {
        state.withLock(\.tallies).map { Count(rule: $0.rule, isRefused: $0.isRefused, texts: $1) }
            .sorted { ($0.rule, $0.isRefused ? 1 : 0) < ($1.rule, $1.isRefused ? 1 : 0) }
    }

    private func assess(_ text: String, of user: Identifier<User>?) -> SpamAssessment {
        guard let user else { return SpamAssessment(of: text) }
        var recent = state.withLock { state in
            state.young[user] ?? state.old[user] ?? RecentTexts()
        }
        // Outside the lock: a text can be long. Of two at the same moment one is forgotten, which harms nobody.
        let assessment = SpamAssessment(of: text, after: &recent, at: now())
        state.withLock { state in
            if state.young.count >= Self.rememberedUsers, state.young[user] == nil {
                (state.old, state.young) = (state.young, [:])
            }
            state.young[user] = recent
        }
        return assessment
    }

    private func tell(of rules: [String], _ isRefused: Bool, _ place: String, _ trace: String) {
        guard !rules.isEmpty else { return }
        let met = Set(rules)
        state.withLock { state in
            for rule in met { state.tallies[Tally(rule: rule, isRefused: isRefused), default: 0] += 1 }
        }
        log.write(
            .warning, "text found wanting",
            [
                "place": .text(place), "rules": .text(met.sorted().joined(separator: ",")),
                "action": .text(isRefused ? "refused" : "taken"), "trace_id": .text(trace),
            ])
    }
}
