internal import Domain

extension ProblemKind {
    static let configurationVetoed = Self(
        "configuration_vetoed", .unprocessableContent, "A part of the server cannot work with it")
    static let configurationUnreadable = Self(
        "configuration_unreadable", .conflict, "What stands on the server cannot be used")
    static let preconditionRequired = Self(
        "precondition_required", .preconditionRequired, "The request has to say what it builds on")
}

extension Problem {
    /// The refusals that have to do with the configuration.
    ///
    /// - Parameter place: Where in the body the settings stand.
    init(_ error: ConfigurationRefusal, under place: String = "") {
        switch error {
        case .stale: self.init(.preconditionFailed, error.explanation)
        case .unconditional: self.init(.preconditionRequired, error.explanation)
        case .unusable(let reasons):
            self.init(
                faults: reasons.sorted { $0.key < $1.key }.map { name, reason in
                    Fault(.body(place + JSONPointer.root.member(name).text), .notAllowed, reason)
                })
        case .vetoed: self.init(.configurationVetoed, error.explanation)
        case .unreadable: self.init(.configurationUnreadable, error.explanation)
        }
    }
}
