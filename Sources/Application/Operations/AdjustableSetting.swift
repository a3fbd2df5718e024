public import Domain

/// A setting that administrators can change while the server runs, as the program declares it.
public struct AdjustableSetting: Sendable {
    /// From when on a changed value holds.
    public enum Effect: String, CaseIterable, Sendable {
        /// At once.
        case now
        /// From the next start of each process on.
        case restart
    }

    /// What it is called.
    public let name: String
    /// What it is for, in a sentence.
    public let summary: String
    /// What it takes, for people.
    public let form: String
    /// From when on a changed value holds.
    public let effect: Effect
    /// Where its value comes from while no administrator's holds.
    public let given: SettingSource
    /// What a value has to be instead; nil for one that is taken.
    let expectation: @Sendable (String) -> String?

    /// A setting.
    ///
    /// - Parameters:
    ///   - given: Where its value comes from while no administrator's holds.
    ///   - expectation: What a value has to be instead; nil for one that is taken.
    public init(
        name: String, summary: String, form: String, effect: Effect, given: SettingSource,
        expectation: @escaping @Sendable (String) -> String?
    ) {
        self.name = name
        self.summary = summary
        self.form = form
        self.effect = effect
        self.given = given
        self.expectation = expectation
    }
}

/// Where the value of a setting comes from.
public enum SettingSource: String, CaseIterable, Sendable {
    /// Nobody has set it.
    case fallback = "default"
    /// The configuration file.
    case file
    /// A variable of the process.
    case environment
    /// The command line.
    case flag
    /// An administrator, while the server ran.
    case administrator = "admin"

    /// Whether an administrator's value holds instead of one from here.
    ///
    /// Who runs the server has the last word by a flag, so that nobody can be locked out by what was set.
    func yields(toOneThatOverrides overrides: Bool) -> Bool {
        switch self {
        case .fallback, .administrator: true
        case .file, .environment: overrides
        case .flag: false
        }
    }
}

/// A value that a setting does not take.
public struct SettingRefusal: CodedError, Equatable {
    /// What was expected instead, without the value.
    public let expectation: String

    /// A value that has to be something else.
    public init(expectation: String) {
        self.expectation = expectation
    }

    /// The stable code.
    public var code: String { "setting_value" }
    /// What was wrong and what to do.
    public var explanation: String { "The value \(expectation)." }
}
